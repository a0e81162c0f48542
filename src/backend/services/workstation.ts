/** `app.*`, `settings.*`, `engine.*`, `packs.*`: the workstation itself. */
import type { AppState } from '#contract/calls.ts';
import { countStudies } from '../db/studies.ts';
import { caller, NOBODY } from './calling.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<'app.state' | 'settings.get' | 'settings.set' | 'engine.choose' | 'packs.check' | 'packs.card'>;

/** Before sign-in nobody hears even how many studies there are, or what the files are called that are to be opened. */
function knows(): boolean {
  const asking = caller();
  if (!asking || asking.seat.session?.locked) return false;
  return asking.person !== null || asking.actor !== NOBODY;
}

export interface Program {
  version: string;
  shell: AppState['shell'];
}

export function workstationCalls(services: Services, program: Program): Calls {
  const { store, engine, packs } = services;
  const waiting = [...services.openAtStart]; // handed out once: the first window opens them
  return {
    'app.state': async () => ({
      version: program.version,
      shell: program.shell,
      allowsPaths: services.allowsPaths,
      studies: knows() ? countStudies(store.read) : 0,
      keyStore: store.keyStoreName,
      engine: engine.state(),
      packs: engine.packs(),
      openAtStart: knows() ? waiting.splice(0).map((path) => ({ kind: 'path' as const, path })) : [],
    }),
    'settings.get': async () => store.settings.get(),
    'settings.set': async (change) => store.settings.set(change, services.actor),
    'engine.choose': async ({ choice }) => {
      store.settings.set({ engine: choice }, services.actor);
      return await engine.choose(choice);
    },
    'packs.check': async ({ id }, { signal }) => {
      const state = await engine.check(id, { signal });
      services.journal.note({
        at: services.now(),
        actor: services.actor,
        event: 'pack.checked',
        subject: id,
        detail: { version: state.version, sha256: state.sha256, state: state.state },
      });
      return state;
    },
    'packs.card': async ({ id }) => ({ markdown: await packs.card(id) }),
  };
}
