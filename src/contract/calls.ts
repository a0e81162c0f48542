/** The product's contract: every call and event between the renderer and the backend. */
import * as z from 'zod';
import { Analysis, EngineRun } from '#core/findings/findings.ts';
import { FrameInfo } from '#core/imaging/pixels.ts';
import { Saliency } from '#core/imaging/saliency.ts';
import { PackGate, PackLabel, PackMask, PackRatio } from '#core/pack/pack.ts';
import { ReportLanguage } from '#core/report/language.ts';
import { Draft, DraftVersion, ReportDocument, Sentence } from '#core/report/report.ts';
import { ReportStatus } from '#core/report/signing.ts';
import { AnalysisId, DraftId, InstanceId, JobId, LabelId, StudyId } from '#core/study/ids.ts';
import { Study, StudySummary } from '#core/study/study.ts';
import { criticalCalls, criticalEvents } from './critical.ts';
import { keyImageCalls, keyImageEvents } from './keyImages.ts';
import { deskCalls, deskEvents } from './desk.ts';
import { phraseCalls, phraseEvents } from './phrases.ts';
import type { CallTable, EventTable } from './protocol.ts';
import { recordCalls, recordEvents } from './records.ts';
import { spellingCalls, spellingEvents } from './spelling.ts';

/** Frames travel in pieces of at most this many bytes, so that nobody waits behind them. */
export const PIECE_BYTES = 4 * 1024 * 1024;

const Nothing = z.object({});

/** What a picture without a header shows, as the person who opened it confirmed. */
export const PictureFacts = z.object({
  patientName: z.string().max(64),
  patientId: z.string().min(1).max(64),
  patientSex: z.enum(['M', 'F', 'O', '']),
  patientAgeYears: z.int().min(0).max(130).nullable(),
  /** `other`: not a chest film; it is stored and shown, and no chest pack reads it. */
  shows: z.enum(['chest-pa', 'chest-ap', 'chest-lateral', 'other']),
});
export type PictureFacts = z.infer<typeof PictureFacts>;

export const ImportSource = z.discriminatedUnion('kind', [
  /** A file or folder on this machine; refused where the shell does not allow paths (browser mode). */
  z.object({ kind: z.literal('path'), path: z.string().min(1) }),
  z.object({ kind: z.literal('upload'), upload: z.string() }),
]);
export type ImportSource = z.infer<typeof ImportSource>;

export const ImportOutcome = z.enum(['read', 'already-here', 'conflict', 'refused', 'needs-confirmation']);
export const ImportEntry = z.object({
  /** File name as the person knows it, never a full path. */
  name: z.string(),
  outcome: ImportOutcome,
  /** Why, for a person; empty when read. */
  reason: z.string(),
  study: StudyId.nullable(),
  instance: InstanceId.nullable(),
  /** Set with `needs-confirmation`: hand it to `import.picture`. */
  source: ImportSource.nullable(),
});
export type ImportEntry = z.infer<typeof ImportEntry>;
export const ImportReport = z.object({
  entries: z.array(ImportEntry),
  cancelled: z.boolean(),
  /** How many of the entries were read before, when the same opening had not come to its end. */
  resumed: z.int().default(0),
  /** Why it did not come to its end, for a person; empty where it did or was cancelled. */
  stopped: z.string().default(''),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** What one opening of files became; it is kept, and goes on where it was cut off. */
export const ImportList = z.object({
  id: z.string(),
  /** What was opened, as the person knows it: the folder's or the file's name. */
  name: z.string(),
  startedAt: z.number(),
  /** `stopped`: cancelled, cut off, or the disk was full; opening the same again goes on. */
  state: z.enum(['running', 'done', 'stopped']),
  files: z.int(),
  counts: z.record(ImportOutcome, z.int()),
});
export type ImportList = z.infer<typeof ImportList>;

export const EngineChoice = z.enum(['auto', 'cuda', 'dml', 'cpu']);
export type EngineChoice = z.infer<typeof EngineChoice>;

export const PackState = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  summary: z.string(),
  /** What it is for: `findings`, `anatomy`, `gate`, `identity`; empty where that could not be read. */
  task: z.string(),
  use: z.string(),
  sha256: z.string(),
  modalities: z.array(z.string()),
  state: z.enum(['unchecked', 'ready', 'failed']),
  /** Why it failed, for a person. */
  reason: z.string(),
  /** The self-test's run and its largest difference from the golden logits. */
  engine: EngineRun.nullable(),
  largestDifference: z.number().nullable(),
  labels: z.array(PackLabel),
  gate: PackGate.nullable(),
  /** Of an anatomy pack: what it draws, and how far its cardiothoracic ratio is off. */
  masks: z.array(PackMask),
  ratio: PackRatio.nullable(),
  /** Put into the data folder by somebody here; else part of the program. */
  installed: z.boolean(),
  /** Who vouches for it: the program it is part of, a key of this site, the makers' development key, nobody. */
  signature: z.enum(['program', 'site', 'development', 'none']),
  /** The name of that key. */
  signedBy: z.string(),
});
export type PackState = z.infer<typeof PackState>;

export const EngineState = z.object({
  choice: EngineChoice,
  /** `down`: not started or being restarted. */
  state: z.enum(['starting', 'ready', 'busy', 'down']),
  run: EngineRun.nullable(),
  restarts: z.int(),
  /** A fallback, a crash, in whole sentences. Empty when all is well. */
  notice: z.string(),
  /** Of `notice` the part on a crash during the job that runs or ran last; empty where there was none. */
  failure: z.string().default(''),
});
export type EngineState = z.infer<typeof EngineState>;

export const Settings = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  /** First read without AI: every study starts with all that is AI hidden. */
  hideAiOnOpen: z.boolean().default(false),
  saliencyOpacity: z.number().min(0).max(0.45).default(0.35),
  reportWidth: z.int().min(420).max(640).default(480),
  /** Command id → key chord such as `Ctrl+Shift+I`; only those that differ from the default. */
  keys: z.record(z.string(), z.string()).default({}),
  engine: EngineChoice.default('auto'),
  /** Words that the dictionary does not know are underlined while a report is written. */
  checkSpelling: z.boolean().default(true),
  /** What new drafts are written in; the checks before signing read English only. */
  draftLanguage: ReportLanguage.default('en'),
});
export type Settings = z.infer<typeof Settings>;

const { shape } = Settings;
/** What is left out stays as it is: `Settings.partial()` would put the defaults in its place. */
const SettingsChange = z.object({
  theme: shape.theme.unwrap().optional(),
  hideAiOnOpen: shape.hideAiOnOpen.unwrap().optional(),
  saliencyOpacity: shape.saliencyOpacity.unwrap().optional(),
  reportWidth: shape.reportWidth.unwrap().optional(),
  keys: shape.keys.unwrap().optional(),
  engine: shape.engine.unwrap().optional(),
  checkSpelling: shape.checkSpelling.unwrap().optional(),
  draftLanguage: shape.draftLanguage.unwrap().optional(),
} satisfies Record<keyof Settings, z.ZodType>);

export const AppState = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'browser', 'cli', 'test']),
  /** Paths may be imported by name (Electron); else files are uploaded. */
  allowsPaths: z.boolean(),
  studies: z.int(),
  /** How the data key is kept on this machine, for the status bar and `doctor`. */
  keyStore: z.string(),
  engine: EngineState,
  packs: z.array(PackState),
  /** A picture or film given on the command line, to be opened once. */
  openAtStart: z.array(ImportSource),
});
export type AppState = z.infer<typeof AppState>;

/** The most that is kept of what can be undone. */
export const UNDO_CHARACTERS = 256 * 1024;

export const DraftView = z.object({
  draft: Draft,
  analysis: Analysis.nullable(),
  report: ReportStatus,
  /** Sentences of `draft.document` with origin and evidence. */
  sentences: z.array(Sentence),
  /** Other films of the study and why the draft was not made from them. */
  notUsed: z.array(z.object({ instance: InstanceId, reason: z.string() })),
  /** What this person's editor can still undo of `draft.document`, as it was handed over with the save. */
  undo: z.string().nullable().default(null),
});
export type DraftView = z.infer<typeof DraftView>;

export const calls = {
  'app.state': { input: Nothing, output: AppState },
  'settings.get': { input: Nothing, output: Settings },
  'settings.set': { input: SettingsChange, output: Settings },

  'study.list': {
    /** `text` is searched in name, id, accession, description, date (YYYY-MM-DD or YYYYMMDD) and modality. */
    input: z.object({
      text: z.string().max(200).default(''),
      limit: z.int().min(1).max(500).default(100),
      offset: z.int().nonnegative().default(0),
    }),
    output: z.object({ studies: z.array(StudySummary), total: z.int() }),
  },
  'study.open': { input: z.object({ study: StudyId }), output: Study },

  /** Uploads stay in memory: nothing unencrypted is written to disk. */
  'upload.begin': {
    input: z.object({
      name: z.string().max(1024),
      bytes: z.int().nonnegative(),
      /** Milliseconds since 1970, as the browser says. */
      modified: z.number().default(0),
    }),
    output: z.object({ upload: z.string() }),
  },
  'upload.piece': {
    input: z.object({ upload: z.string(), offset: z.int().nonnegative(), bytes: z.instanceof(Uint8Array) }),
    output: Nothing,
  },
  /** One opening may come in several calls under one job; `more` says that another follows. */
  'import.run': {
    input: z.object({ job: JobId, sources: z.array(ImportSource), more: z.boolean().default(false) }),
    output: ImportReport,
  },
  /** Files that a browser has, before they are handed over: those that an unfinished opening has read already. */
  'import.known': {
    input: z.object({
      job: JobId,
      files: z
        .array(z.object({ name: z.string().max(1024), bytes: z.int().nonnegative(), modified: z.number() }))
        .max(1000),
    }),
    /** `indexes` into the files, with their entries in the same order. */
    output: z.object({ indexes: z.array(z.int()), entries: z.array(ImportEntry) }),
  },
  /** Newest first. */
  'import.lists': { input: Nothing, output: z.array(ImportList) },
  'import.list': {
    input: z.object({
      id: z.string(),
      outcome: ImportOutcome.nullable().default(null),
      offset: z.int().nonnegative().default(0),
      limit: z.int().min(1).max(1000).default(500),
    }),
    output: z.object({ list: ImportList, entries: z.array(ImportEntry), total: z.int() }),
  },
  'import.picture': { input: z.object({ source: ImportSource, facts: PictureFacts }), output: ImportEntry },
  /** What the program makes itself: the demo film, or the pattern for judging the display. */
  'import.demo': {
    input: z.object({ what: z.enum(['film', 'test-pattern']).default('film') }),
    output: ImportEntry,
  },

  /** Of a frame whose longer side is over 1,024: its values, halved as often as its side needs (`core/imaging/preview`). */
  'image.preview': {
    input: z.object({ instance: InstanceId, frame: z.int().nonnegative() }),
    output: z.object({ info: FrameInfo, halvings: z.int().min(1).max(16), bytes: z.instanceof(Uint8Array) }).nullable(),
  },
  'image.info': { input: z.object({ instance: InstanceId, frame: z.int().nonnegative() }), output: FrameInfo },
  'image.pixels': {
    input: z.object({ instance: InstanceId, frame: z.int().nonnegative(), offset: z.int().nonnegative() }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },

  /** The stored draft, or null when there is none. Never runs a model. */
  'draft.open': { input: z.object({ study: StudyId }), output: DraftView.nullable() },
  /** Runs the pack over the study's best film and stores a draft; `refused` when no film is accepted. */
  'draft.make': { input: z.object({ job: JobId, study: StudyId }), output: DraftView },
  /** An empty report without any model; `conflict` when the study has one. */
  'draft.write': { input: z.object({ study: StudyId }), output: DraftView },
  /** Saves what the reader typed; `conflict` when `revision` is not the stored one. */
  'draft.save': {
    input: z.object({
      draft: DraftId,
      revision: z.int(),
      document: ReportDocument,
      /** What the editor can undo, in its own words. */
      undo: z.string().max(UNDO_CHARACTERS).nullable().default(null),
    }),
    output: z.object({ revision: z.int(), savedAt: z.number(), sentences: z.array(Sentence) }),
  },
  /** Keeps the present text as an immutable version. */
  'draft.keep': { input: z.object({ draft: DraftId }), output: DraftVersion },
  'draft.versions': { input: z.object({ draft: DraftId }), output: z.array(DraftVersion) },
  'draft.version': {
    input: z.object({ draft: DraftId, number: z.int() }),
    output: z.object({ version: DraftVersion, document: ReportDocument, sentences: z.array(Sentence) }),
  },
  'analysis.saliency': { input: z.object({ analysis: AnalysisId, label: LabelId }), output: Saliency },

  'engine.choose': { input: z.object({ choice: EngineChoice }), output: EngineState },
  'packs.check': { input: z.object({ id: z.string() }), output: PackState },
  /** A folder or `.radpack` file: listed only when its signature, hashes and self-test hold; else `refused`, and what was there stays. */
  'packs.install': { input: z.object({ source: ImportSource }), output: PackState },
  'packs.remove': { input: z.object({ id: z.string() }), output: z.object({ packs: z.array(PackState) }) },
  'packs.card': { input: z.object({ id: z.string() }), output: z.object({ markdown: z.string() }) },

  ...recordCalls,
  ...deskCalls,
  ...criticalCalls,
  ...keyImageCalls,
  ...phraseCalls,
  ...spellingCalls,
} as const satisfies CallTable;

export const Stage = z.enum(['reading', 'decoding', 'loading model', 'preparing', 'model', 'writing']);

export const events = {
  'job.progress': z.object({ job: JobId, stage: Stage, done: z.int(), total: z.int() }),
  /** A study arrived or its state changed. */
  'study.changed': z.object({ study: StudyId }),
  'draft.changed': z.object({ study: StudyId, draft: DraftId, revision: z.int() }),
  'engine.changed': EngineState,
  'packs.changed': z.array(PackState),
  ...recordEvents,
  ...deskEvents,
  ...criticalEvents,
  ...keyImageEvents,
  ...phraseEvents,
  ...spellingEvents,
} as const satisfies EventTable;

export const product = { calls, events } as const;
export type Product = typeof product;
