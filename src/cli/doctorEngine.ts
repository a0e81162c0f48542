/** What really runs the models: each pack is hashed, loaded and self-tested, and the engine says which provider ran. */
import { createEngine } from '#backend/engine/engine.ts';
import { openPackStore } from '#backend/files/packs.ts';
import type { PackState } from '#contract/calls.ts';
import { startEngine } from './desktop.ts';
import type { Finding } from './doctorPlaces.ts';

export async function checkEngine(packFolders: string[]): Promise<Finding[]> {
  const packs = await openPackStore(packFolders);
  const known = packs.list();
  if (known.length === 0) return [{ what: 'model packs', state: 'failed', found: 'none is installed' }];
  const engine = createEngine({
    start: startEngine,
    packs,
    choice: 'auto',
    onChange: () => undefined,
  });
  try {
    const findings: Finding[] = [];
    for (const { id } of known) findings.push(findingOf(await engine.check(id)));
    return findings;
  } finally {
    engine.close();
  }
}

function findingOf({ id, version, state, reason, engine, largestDifference }: PackState): Finding {
  const what = `pack ${id} ${version}`;
  if (state !== 'ready' || !engine) return { what, state: 'failed', found: reason || 'its self-test did not run' };
  const ran = `runs on ${engine.provider}, largest difference from its golden outputs ${largestDifference?.toExponential(1) ?? 'none'}`;
  return { what, state: engine.fallback ? 'note' : 'ok', found: [ran, engine.fallback].filter(Boolean).join('. ') };
}
