/** The phrases of this workstation, and what the film on the screen puts into them. */
import { merged, phrasesFor, type Phrase, type PhraseAbout } from '#core/phrases/phrase.ts';
import type { Study } from '#core/study/study.ts';
import type { Link } from '../link/link.ts';
import type { Reading } from '../state/reading.svelte.ts';
import type { Session } from '../state/session.svelte.ts';
import { wordsOf } from '../state/words.ts';
import { dateOf, namesOf, timeOf } from '../worklist/format.ts';

export type Phrases = ReturnType<typeof createPhrases>;

export function createPhrases({ link, session, reading }: { link: Link; session: Session; reading: Reading }) {
  const { api } = link;
  let list = $state.raw<readonly Phrase[]>([]);
  let error = $state('');

  async function load(): Promise<void> {
    if (!session.inside || !session.reads) {
      list = [];
      return;
    }
    try {
      list = await api['phrase.list']({});
      error = '';
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }
  session.onChange(() => void load());
  link.on('phrase.changed', () => void load());

  const about = $derived(reading.study ? aboutOf(reading.study, reading.session?.view?.draft.instance ?? null) : null);
  const fitting = $derived(about ? phrasesFor(list, about) : []);

  return {
    get list() {
      return list;
    },
    get error() {
      return error;
    },
    /** Those that fit the film of the report on the screen, by shortcut. */
    get fitting() {
      return fitting;
    },
    /** With what is known of the patient and the film in its fields. */
    filled: (text: string): string => (reading.study && about ? merged(text, fieldsOf(reading.study, about)) : text),
    /** These throw what the backend refused. */
    save: (phrase: Parameters<(typeof api)['phrase.save']>[0]) => api['phrase.save'](phrase),
    remove: (id: string) => api['phrase.remove']({ id }),
    readTemplate: (bytes: Uint8Array<ArrayBuffer>) => api['template.read']({ bytes }),
    keepTemplate: (template: Parameters<(typeof api)['template.keep']>[0]) => api['template.keep'](template),
  };
}

/** Of the film that the draft was made from, else of the study's first. */
function aboutOf(study: Study, instance: string | null): PhraseAbout {
  const all = study.series.flatMap(({ instances }) => instances);
  const header = (all.find(({ id }) => id === instance) ?? all[0])?.header;
  return {
    modality: header?.modality ?? '',
    view: header?.viewPosition ?? '',
    sex: study.summary.patient.sex,
    ageYears: header?.patientAgeYears ?? null,
  };
}

const sexes: Record<string, string> = { M: 'male', F: 'female', O: 'other' };

function fieldsOf({ summary }: Study, { modality, view, sex, ageYears }: PhraseAbout): Record<string, string> {
  return {
    name: namesOf(summary.patient).main,
    id: summary.patient.id,
    age: ageYears === null ? '' : String(ageYears),
    sex: sexes[sex] ?? '',
    born: dateOf(summary.patient.birthDate),
    'study date': dateOf(summary.date),
    'study time': timeOf(summary.time),
    accession: summary.accession,
    description: summary.description,
    modality,
    view,
    images: String(summary.instances),
  };
}
