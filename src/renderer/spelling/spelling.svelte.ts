/** What this window knows about words: verdicts that were asked for once, the words that people added. */
import type { AddedWord } from '#contract/spelling.ts';
import { plainWord } from '#core/spelling/words.ts';
import type { Link } from '../link/link.ts';
import type { Reading } from '../state/reading.svelte.ts';
import type { Session } from '../state/session.svelte.ts';
import type { SettingsState } from '../state/settings.svelte.ts';
import type { SpellingSource } from './source.ts';
import { wordsOf } from '../state/words.ts';
import { createVerdicts, partsOfNames } from './verdicts.ts';

export type Spelling = ReturnType<typeof createSpelling>;

interface Parts {
  link: Link;
  session: Session;
  settings: SettingsState;
  reading: Reading;
}

export function createSpelling({ link, session, settings, reading }: Parts) {
  const { api } = link;
  let trouble = $state('');
  const verdicts = createVerdicts(
    async (words) => (await api['spelling.check']({ words })).unknown,
    (error) => (trouble = error === null ? '' : `Spelling is not checked. ${wordsOf(error)}`),
  );
  let list = $state.raw<readonly AddedWord[]>([]);

  async function load(): Promise<void> {
    verdicts.forget();
    list = session.inside && session.mayCall('word.list') ? await api['word.list']({}).catch(() => []) : [];
  }
  session.onChange(() => void load());
  link.on('words.changed', () => void load());

  const german = $derived.by(() => {
    const sources = reading.session?.view?.draft.sources ?? [];
    return sources.length > 0
      ? sources.some(({ language }) => language === 'de')
      : settings.value.draftLanguage === 'de';
  });
  const off = $derived(
    !settings.value.checkSpelling
      ? 'Spelling is not checked: it is switched off under “Spelling and my words”.'
      : german
        ? 'Spelling is not checked: this report is in German, and the dictionary is English.'
        : '',
  );
  const names = $derived(partsOfNames(Object.values(reading.study?.summary.patient.name ?? {})));

  const source: SpellingSource = {
    off: () => off,
    trouble: () => trouble,
    verdict: (word) => (names.has(plainWord(word)) ? 'known' : verdicts.of(word)),
    check: (words) => verdicts.ask(words),
    onChange: (listener) => verdicts.onForget(listener),
    suggest: async (word) => (await api['spelling.suggest']({ word })).words,
    add: async (word) => void (await api['word.add']({ word }).catch(() => undefined)),
  };

  return {
    source,
    /** Why a text is not checked though somebody wants it to be: said beside it. */
    get notice() {
      return settings.value.checkSpelling ? off || trouble : '';
    },
    get list() {
      return list;
    },
    get on() {
      return settings.value.checkSpelling;
    },
    toggle(): void {
      settings.set({ checkSpelling: !settings.value.checkSpelling });
      verdicts.forget();
    },
    /** These throw what the backend refused. */
    change: (how: 'word.add' | 'word.remove' | 'word.share' | 'word.unshare', word: string) => api[how]({ word }),
  };
}
