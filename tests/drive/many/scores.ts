/** Analyses made of given scores: what a pack's next versions would have said of a film, without running one. */
import type { Analysis } from '#core/findings/findings.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import { between, type Random } from '#core/phantom/random.ts';
import type { ReportLanguage } from '#core/report/language.ts';
import type { Draft, ReportDocument, SourceSentence } from '#core/report/report.ts';
import { AnalysisId, DraftId, InstanceId, LabelId, SentenceId, type StudyId } from '#core/study/ids.ts';
import type { ScoredFilm } from './films.ts';

/** The pack's id says what it is: nothing here was run. */
export const PACK = 'example-scores';
/** A version shifts every logit and has one threshold. */
export const versions = [
  { version: '1.0.0', shift: 0, threshold: 0.3 },
  { version: '1.1.0', shift: 0.35, threshold: 0.3 },
  { version: '2.0.0', shift: -0.25, threshold: 0.25 },
] as const;
export type PackVersion = (typeof versions)[number];

const labels: readonly (readonly [label: string, name: string, column: string, german: string])[] = [
  ['effusion', 'Pleural effusion', 'Effusion', 'Pleuraerguss'],
  ['cardiomegaly', 'Cardiomegaly', 'Cardiomegaly', 'Kardiomegalie'],
  ['pneumothorax', 'Pneumothorax', 'Pneumothorax', 'Pneumothorax'],
  ['atelectasis', 'Atelectasis', 'Atelectasis', 'Atelektase'],
  ['consolidation', 'Consolidation', 'Consolidation', 'Konsolidierung'],
  ['nodule', 'Nodule', 'Nodule', 'Rundherd'],
];
const GRID = 14;

export interface Made {
  analysis: Analysis;
  maps: Map<LabelId, Saliency>;
  draft: Draft;
}

export interface Place {
  study: StudyId;
  instance: InstanceId;
  header: Pick<ImageHeader, 'rows' | 'columns'>;
  id: string;
  at: number;
}

export function makeAnalysis(film: ScoredFilm, pack: PackVersion, place: Place, random: Random): Made {
  const { rows, columns } = place.header;
  const maps = new Map<LabelId, Saliency>();
  const findings = labels.map(([id, name, column]) => {
    const label = LabelId.parse(id);
    const raw = Math.min(0.999, Math.max(0.001, film.scores.get(column) ?? 0.01));
    const probability = 1 / (1 + Math.exp(-(Math.log(raw / (1 - raw)) + pack.shift)));
    const positive = probability >= pack.threshold;
    const drawn = film.boxes.find((box) => box.label === column);
    const box = drawn
      ? {
          x: (drawn.x / film.width) * columns,
          y: (drawn.y / film.height) * rows,
          width: (drawn.w / film.width) * columns,
          height: (drawn.h / film.height) * rows,
        }
      : {
          x: columns * between(random, 0.15, 0.6),
          y: rows * between(random, 0.2, 0.6),
          width: columns / 5,
          height: rows / 5,
        };
    if (positive) maps.set(label, mapOf(box, rows, columns));
    return { label, name, probability, threshold: pack.threshold, positive, region: positive ? regionOf(box) : null };
  });
  const positives = findings.filter(({ positive }) => positive);
  // One in twelve is drafted in German.
  const language: ReportLanguage = random() < 1 / 12 ? 'de' : 'en';
  const source = (
    n: number,
    section: SourceSentence['section'],
    text: string,
    of: (typeof findings)[number] | null,
  ) => ({
    ...sentenceOf(`${place.id}-s${n}`, section, text, of),
    language,
  });
  const says = sentencesIn[language];
  const [first] = positives;
  const sources: SourceSentence[] = [
    source(19, 'technique', says.technique(film.view), null),
    ...positives.map((finding, n) => source(n, 'findings', says.finding(finding.label, finding.probability), finding)),
    source(20, 'findings', says.noOther, null),
    source(21, 'impression', first ? says.suspected(positives.map(({ label }) => label)) : says.none, first ?? null),
  ];
  const analysis: Analysis = {
    id: AnalysisId.parse(`${place.id}-analysis`),
    instance: place.instance,
    frame: 0,
    pack: { id: PACK, version: pack.version, sha256: pack.version.replaceAll('.', '').padEnd(64, 'e'), use: 'test' },
    gate: { accepted: true, reason: null, message: '', caveats: ['Made of given scores: no model was run.'] },
    findings,
    anatomy: null,
    engine: { provider: 'cpu', nodes: {}, fallback: '', runtime: 'none' },
    timings: {},
    createdAt: place.at,
  };
  const draft: Draft = {
    id: DraftId.parse(`${place.id}-draft`),
    study: place.study,
    instance: place.instance,
    analysis: analysis.id,
    sources,
    document: documentOf(sources),
    revision: 0,
    savedAt: place.at,
  };
  return { analysis, maps, draft };
}

const degree = (probability: number): 0 | 1 | 2 => (probability >= 0.8 ? 0 : probability >= 0.5 ? 1 : 2);
const nameIn = (at: 1 | 3, of: string): string => labels.find(([id]) => id === of)?.[at] ?? of;
const sentencesIn = {
  en: {
    technique: (view: string) => `Frontal chest film, ${view}.`,
    finding: (of: string, p: number) =>
      `${nameIn(1, of)} is ${['very likely', 'likely', 'possible'][degree(p)] ?? ''}.`,
    noOther: 'No other assessed finding was marked.',
    suspected: (of: string[]) => `Suspected ${of.map((one) => nameIn(1, one).toLowerCase()).join(', ')}.`,
    none: 'No assessed finding was marked.',
  },
  de: {
    technique: (view: string) => `Thoraxaufnahme frontal, ${view}.`,
    finding: (of: string, p: number) =>
      `${nameIn(3, of)} ist ${['sehr wahrscheinlich', 'wahrscheinlich', 'möglich'][degree(p)] ?? ''}.`,
    noOther: 'Kein anderer geprüfter Befund ist markiert.',
    suspected: (of: string[]) => `Verdacht auf ${of.map((one) => nameIn(3, one)).join(', ')}.`,
    none: 'Kein geprüfter Befund ist markiert.',
  },
};

function sentenceOf(
  id: string,
  section: SourceSentence['section'],
  text: string,
  of: { label: LabelId; probability: number; threshold: number } | null,
): SourceSentence {
  const evidence: SourceSentence['evidence'] = of
    ? [{ kind: 'operating-point', label: of.label, probability: of.probability, threshold: of.threshold }]
    : [];
  return {
    id: SentenceId.parse(id),
    section,
    text,
    finding: of?.label ?? null,
    probability: of?.probability ?? null,
    evidence,
  };
}

const documentOf = (sources: readonly SourceSentence[]): ReportDocument => ({
  sections: (['indication', 'technique', 'comparison', 'findings', 'impression'] as const).map((key) => ({
    key,
    paragraphs: [
      sources
        .filter(({ section }) => section === key)
        .flatMap(({ id, text }, at) => [...(at > 0 ? [{ text: ' ', source: null }] : []), { text, source: id }]),
    ],
  })),
});

type Box = { x: number; y: number; width: number; height: number };

/** An ellipse in the box. */
function regionOf(box: Box) {
  const points = Array.from({ length: 24 }, (_, n) => ({
    x: box.x + (box.width / 2) * (1 + Math.cos((n * Math.PI) / 12)),
    y: box.y + (box.height / 2) * (1 + Math.sin((n * Math.PI) / 12)),
  }));
  return { polygons: [points], box };
}

/** A hill over the box. */
function mapOf(box: Box, rows: number, columns: number): Saliency {
  const values = new Float32Array(GRID * GRID);
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const x = ((column + 0.5) * columns) / GRID;
      const y = ((row + 0.5) * rows) / GRID;
      const dx = (x - box.x - box.width / 2) / box.width;
      const dy = (y - box.y - box.height / 2) / box.height;
      values[row * GRID + column] = Math.exp(-2 * (dx * dx + dy * dy));
    }
  const toImage = { a: columns / GRID, b: 0, c: 0, d: rows / GRID, e: 0, f: 0 };
  return { rows: GRID, columns: GRID, bytes: new Uint8Array(values.buffer), toImage };
}
