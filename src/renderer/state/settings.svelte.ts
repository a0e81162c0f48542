/** The person's settings: shown at once, stored a moment later. */
import { Settings } from '#contract/calls.ts';
import type { Link } from '../link/link.ts';
import { wordsOf } from './words.ts';

const REST_MS = 250;

export type SettingsState = ReturnType<typeof createSettings>;

export function createSettings(link: Link, onError: (message: string) => void) {
  let value = $state.raw<Settings>(Settings.parse({}));
  let loaded = $state(false);
  let unsaved: Partial<Settings> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function store(): Promise<void> {
    const patch = unsaved;
    unsaved = {};
    try {
      const stored = await link.api['settings.set'](patch);
      value = { ...stored, ...unsaved };
    } catch (error) {
      onError(`The setting is not stored and holds only until this window closes. ${wordsOf(error)}`);
    }
  }

  return {
    get value() {
      return value;
    },
    get loaded() {
      return loaded;
    },
    async load(): Promise<void> {
      value = { ...(await link.api['settings.get']({})), ...unsaved };
      loaded = true;
    },
    set(patch: Partial<Settings>): void {
      value = { ...value, ...patch };
      unsaved = { ...unsaved, ...patch };
      clearTimeout(timer);
      timer = setTimeout(() => void store(), REST_MS);
    },
  };
}
