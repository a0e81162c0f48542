/** `raddraft packs list | verify`: the installed model packs; verifying hashes every file and runs the self-test. */
import path from 'node:path';
import { ownPackFolder } from '#backend/backend.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import type { PackState } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';

export async function packsCommand(
  [action = 'list']: string[],
  values: { pack?: string | undefined },
): Promise<string> {
  const store = await openPackStore(values.pack ? [path.resolve(values.pack), ownPackFolder()] : [ownPackFolder()]);
  if (action === 'list') return store.list().map(line).join('');
  if (action !== 'verify')
    throw new AppError('invalid-input', `Expected packs list or packs verify, found "${action}".`);
  const engine = createEngine({ start: forkEngine, packs: store, choice: 'auto', onChange: () => undefined });
  try {
    const states: PackState[] = [];
    for (const { id } of store.list()) states.push(await engine.check(id));
    const text = states.map(line).join('');
    if (states.some(({ state }) => state === 'failed')) throw new AppError('refused', text.trimEnd());
    return text;
  } finally {
    engine.close();
  }
}

function line({ id, version, use, state, reason, engine, largestDifference }: PackState): string {
  const ran = engine ? `, ${engine.provider}, largest difference ${largestDifference?.toExponential(1) ?? ''}` : '';
  return `${id} ${version} (${use}): ${state}${ran}${reason ? `. ${reason}` : ''}\n`;
}
