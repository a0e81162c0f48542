/** `app.*`, `settings.*`, `engine.*`, `packs.*`, `audit.*`: the workstation itself. */
import type { AppState } from '#contract/calls.ts';
import { countStudies } from '../db/studies.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<
  | 'app.state'
  | 'settings.get'
  | 'settings.set'
  | 'engine.choose'
  | 'packs.check'
  | 'packs.card'
  | 'audit.list'
  | 'audit.verify'
>;

export interface Program {
  version: string;
  shell: AppState['shell'];
}

export function workstationCalls(services: Services, program: Program): Calls {
  const { store, engine, packs, actor } = services;
  const waiting = [...services.openAtStart]; // handed out once: the first window opens them
  return {
    'app.state': async () => ({
      version: program.version,
      shell: program.shell,
      allowsPaths: services.allowsPaths,
      studies: countStudies(store.read),
      keyStore: store.keyStoreName,
      engine: engine.state(),
      packs: engine.packs(),
      openAtStart: waiting.splice(0).map((path) => ({ kind: 'path' as const, path })),
    }),
    'settings.get': async () => store.settings.get(),
    'settings.set': async (change) => store.settings.set(change, actor),
    'engine.choose': async ({ choice }) => {
      store.settings.set({ engine: choice }, actor);
      return await engine.choose(choice);
    },
    'packs.check': ({ id }, { signal }) => engine.check(id, { signal }),
    'packs.card': async ({ id }) => ({ markdown: await packs.card(id) }),
    'audit.list': async ({ limit }) => store.audit.list(limit),
    'audit.verify': () => store.audit.verify(),
  };
}
