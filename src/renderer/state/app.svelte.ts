/** The program as a whole: version, engine, packs, and whether its background part answers. */
import type { AppState, PackState } from '#contract/calls.ts';
import type { Link, LinkState } from '../link/link.ts';
import { wordsOf } from './words.ts';

const PATIENCE_MS = 8000;

export type App = ReturnType<typeof createApp>;

export function createApp(link: Link) {
  let state = $state.raw<AppState | null>(null);
  let line = $state<LinkState>(link.state());
  let error = $state('');
  /** Nobody has answered for so long that waiting alone may not help. */
  let silent = $state(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(timer);
    silent = false;
    if (line !== 'open') timer = setTimeout(() => (silent = true), PATIENCE_MS);
  };
  listen();

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
    listen();
    if (to === 'open' && (state || error)) void load();
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
    get silent() {
      return silent;
    },
    get error() {
      return error;
    },
    load,
    /** The pack that an analysis was made with, or its present version; undefined when it is not installed. */
    pack: (id: string): PackState | undefined => state?.packs.find((pack) => pack.id === id),
  };
}
