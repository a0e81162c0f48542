/** `packs.install`, `packs.remove`: model packs of this site, beside those of the program. */
import type { EngineChoice, ImportSource } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { append } from '../db/audit.ts';
import type { StartEngine } from '../engine/start.ts';
import { installPack, installedPlace, removePack } from '../files/packInstall.ts';
import { packSource, packSourceOf, type PackSource } from '../files/packSource.ts';
import type { Area, Services } from './context.ts';
import type { Uploads } from './uploads.ts';

export interface PackWorld {
  startEngine: StartEngine;
  /** Whether the makers' development key counts. */
  development: boolean;
}

export function packCalls(
  services: Services,
  uploads: Uploads,
  { startEngine, development }: PackWorld,
): Area<'packs.install' | 'packs.remove'> {
  const { store, engine, packs, allowsPaths, broadcast, now } = services;
  const place = () => installedPlace(store.folder.root, development);

  async function changed(): Promise<void> {
    await packs.reload();
    broadcast('packs.changed', engine.packs());
  }

  async function sourceOf(source: ImportSource): Promise<PackSource> {
    if (source.kind === 'upload') return await packSourceOf(uploads.bytes(source.upload).bytes);
    if (allowsPaths) return await packSource(source.path);
    throw new AppError('refused', 'This window may not name a path on the machine. Choose the .radpack file.');
  }

  return {
    'packs.install': async ({ source }) => {
      const { actor } = services;
      const choice: EngineChoice = store.settings.get().engine;
      try {
        const installed = await installPack(await sourceOf(source), { ...place(), startEngine, choice });
        const { id, version, sha256, signature, signedBy } = installed;
        const detail = { version, sha256, signature, signedBy };
        // It is there now, whatever the engine says of it next.
        store.write((write) => append(write, { at: now(), actor, event: 'pack.installed', subject: id, detail }));
        await changed();
        return await engine.check(id);
      } finally {
        if (source.kind === 'upload') uploads.forget(source.upload);
      }
    },
    'packs.remove': async ({ id }) => {
      const { actor } = services;
      removePack(place().folder, id);
      store.write((write) => append(write, { at: now(), actor, event: 'pack.removed', subject: id }));
      await changed();
      // The program's own pack of this name, if there is one, is used again.
      if (packs.list().some((state) => state.id === id)) await engine.check(id);
      return { packs: engine.packs() };
    },
  };
}
