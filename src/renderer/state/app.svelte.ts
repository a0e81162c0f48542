/** The program as a whole: version, engine, packs, and whether its background part answers. */
import type { AppState, PackState } from '#contract/calls.ts';
import type { Link, LinkState } from '../link/link.ts';
import { wordsOf } from './words.ts';

export type App = ReturnType<typeof createApp>;

export function createApp(link: Link) {
  let state = $state.raw<AppState | null>(null);
  let line = $state<LinkState>(link.state());
  let error = $state('');

  async function load(): Promise<AppState | null> {
    try {
      state = await link.api['app.state']({});
      error = '';
    } catch (thrown) {
      error = wordsOf(thrown);
    }
    return state;
  }
  link.onState((to) => {
    line = to;
    if (to === 'open' && state) void load();
  });
  link.on('engine.changed', (engine) => {
    if (state) state = { ...state, engine };
  });
  link.on('packs.changed', (packs) => {
    if (state) state = { ...state, packs };
  });

  return {
    get state() {
      return state;
    },
    get line() {
      return line;
    },
    get error() {
      return error;
    },
    load,
    /** The pack that an analysis was made with, or its present version; undefined when it is not installed. */
    pack: (id: string): PackState | undefined => state?.packs.find((pack) => pack.id === id),
  };
}
