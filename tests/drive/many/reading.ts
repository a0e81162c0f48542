/** What readers do with a draft: leave it, edit it, decide on findings, sign, add to it, correct it. Through the calls. */
import type { Random } from '#core/phantom/random.ts';
import type { ReportDocument, SectionKey } from '#core/report/report.ts';
import { How, Urgency } from '#core/desk/critical.ts';
import type { DraftId, StudyId } from '#core/study/ids.ts';
import { passwordOf, type Api } from '../../records.ts';

export interface Reader {
  login: string;
  api: Api;
}

const pick = <T>(random: Random, from: readonly T[]): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new RangeError('expected something to pick from, found nothing');
  return found;
};

const own = [
  'The lungs are otherwise clear.',
  'No displaced rib fracture is seen.',
  'A central line ends in the superior vena cava.',
  'Degenerative change of the thoracic spine.',
  'The film is slightly rotated, which limits the assessment of the heart.',
  'A small nodule in the right upper zone.',
  'A small left pleural effusion.',
];
const reasons = [
  'seen and meant',
  'the finding is old and known',
  'discussed with the referring doctor',
  'not on this film',
];

/** Replaces, shortens or adds to the text of a section; the runs that stay keep their source. */
function edited(document: ReportDocument, random: Random, how: 'little' | 'much'): ReportDocument {
  const change = (key: SectionKey, paragraphs: ReportDocument['sections'][number]['paragraphs']) => {
    const [first = [], ...rest] = paragraphs;
    const runs = first.filter(() => how === 'little' || key !== 'findings' || random() < 0.4);
    // What the reader does not see goes, in the impression too.
    if (how === 'much' && key === 'impression' && runs.length > 0)
      return [[{ text: 'No acute finding on this film.', source: null }], ...rest];
    if (key === 'findings') return [[...runs, { text: ` ${pick(random, own)}`, source: null }], ...rest];
    if (key === 'impression')
      return [
        runs.map((run) =>
          run.source === null || random() < 0.4
            ? run
            : { ...run, text: run.text.replace('Suspected', pick(random, ['Probable', 'Small', 'Known'])) },
        ),
        ...rest,
      ];
    return paragraphs;
  };
  return { sections: document.sections.map(({ key, paragraphs }) => ({ key, paragraphs: change(key, paragraphs) })) };
}

const ward = ['Nurse Panza, ward 3', 'Dr. Dulcinea, emergency room', 'Dr. Carrasco, the referring doctor'];

/** What must be told in time: told soon, told late, nobody reached, withdrawn, or nothing yet. */
async function critical(
  { api, login }: Reader,
  study: StudyId,
  draft: DraftId,
  random: Random,
  now: () => number,
  step: Step,
) {
  const finding = pick(random, [
    'Large pneumothorax',
    'Free air below the diaphragm',
    'Tube in the right main bronchus',
    'Growing nodule',
  ]);
  const urgency = pick(random, Urgency.options);
  const { id } = await api['critical.found']({ study, draft, finding, urgency, foundAt: now() });
  const how = random();
  if (how < 0.25) return;
  step(how < 0.4 ? 90 : 12);
  const told = { critical: id, by: `Doctor ${login}`, to: pick(random, ward), how: pick(random, How.options) };
  if (how > 0.9) await api['critical.withdraw']({ critical: id, reason: 'known since the film of last week' });
  else await api['critical.tell']({ ...told, reached: how > 0.35, readBack: random() < 0.7, happenedAt: now() });
}

type Step = (minutes: number) => void;

/** `step` moves the clock on by so many minutes, `now` reads it. */
export async function read(
  { api, login }: Reader,
  study: StudyId,
  random: Random,
  step: Step,
  now: () => number,
): Promise<void> {
  const fate = random();
  if (fate < 0.1) return; // an AI draft that nobody has opened yet
  await api['study.open']({ study });
  const opened = await api['draft.open']({ study });
  if (!opened?.analysis) throw new Error('expected a draft');
  const { draft, analysis } = opened;
  step(1 + random() * 3);
  for (const { label, positive } of analysis.findings) {
    if (!positive || random() < 0.15) continue;
    await api['finding.judge']({ analysis: analysis.id, label, verdict: 'seen', note: '' });
    const verdict = pick(random, ['accepted', 'accepted', 'rejected', 'modified'] as const);
    const note =
      verdict === 'rejected' ? pick(random, ['overlying soft tissue', 'an artefact', 'a nipple shadow']) : '';
    await api['finding.judge']({ analysis: analysis.id, label, verdict, note });
  }
  if (random() < 0.07) await critical({ api, login }, study, draft.id, random, now, step);
  let { revision } = draft;
  const how = random();
  if (how > 0.35) {
    const document = edited(draft.document, random, how > 0.75 ? 'much' : 'little');
    step(2 + random() * 6);
    ({ revision } = await api['draft.save']({ draft: draft.id, revision, document }));
    if (random() < 0.3) await api['draft.keep']({ draft: draft.id });
  }
  if (fate < 0.2) return;
  if (fate < 0.23) {
    await api['report.discard']({ draft: draft.id, revision, reason: 'the wrong film was drafted' });
    return;
  }
  if (fate < 0.32) {
    const { sha256 } = await api['report.review']({ draft: draft.id });
    await api['report.preliminary']({ draft: draft.id, revision, sha256 });
    return;
  }
  step(1 + random() * 4);
  revision = (await sign({ api, login }, draft.id, random)).revision;
  if (fate > 0.9) {
    step(20);
    ({ revision } = await api['report.addendum']({ draft: draft.id, revision }));
    const text = 'The referring doctor was told of the findings by telephone.';
    await api['report.saveAddendum']({ draft: draft.id, revision, text });
    await sign({ api, login }, draft.id, random);
  } else if (fate > 0.84) {
    step(40);
    ({ revision } = await api['report.correct']({ draft: draft.id, revision, reason: 'a side was named wrongly' }));
    const now = await api['draft.open']({ study });
    if (now)
      await api['draft.save']({ draft: draft.id, revision, document: edited(now.draft.document, random, 'little') });
    await sign({ api, login }, draft.id, random);
  }
}

/** Signs what is there, with a reason for every check that is raised. */
async function sign({ api, login }: Reader, draft: DraftId, random: Random) {
  const { revision, sha256, checks } = await api['report.review']({ draft });
  const overrides = checks.map(({ check }) => ({ check, reason: pick(random, reasons) }));
  return api['report.sign']({ draft, revision, sha256, password: passwordOf(login), overrides });
}
