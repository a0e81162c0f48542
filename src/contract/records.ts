/** The part of the contract that keeps records: people and their sign-in, signing, the audit log, backups and keys. */
import * as z from 'zod';
import { Login, Person, PersonId, PersonName, Role, Roles } from '#core/people/person.ts';
import { DraftVersion } from '#core/report/report.ts';
import { ReportStage } from '#core/report/states.ts';
import { CheckPolicy } from '#core/report/checks/check.ts';
import { FindingVerdict, Override, RaisedCheck, ReleasedVersion, ReportStatus } from '#core/report/signing.ts';
import { AnalysisId, DraftId, LabelId, StudyId } from '#core/study/ids.ts';
import type { CallTable, EventTable } from './protocol.ts';

const Nothing = z.object({});
const Password = z.string().min(1).max(512);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal');

/** Who sits before a window. It belongs to the window: a second one joins it (`session.join`) or signs in for itself. */
export const SessionState = z.discriminatedUnion('kind', [
  /** There are no people yet: everybody at this machine may do everything but sign. `weakKeyStore`: see `key.state`. */
  z.object({ kind: z.literal('evaluation'), actor: z.string(), weakKeyStore: z.boolean(), keyStore: z.string() }),
  z.object({ kind: z.literal('signed-out'), reason: z.string() }),
  z.object({
    kind: z.literal('signed-in'),
    person: PersonId,
    login: z.string(),
    name: z.string(),
    roles: z.array(Role),
    /** Until the password is changed, nothing else is answered. */
    mustChangePassword: z.boolean(),
    /** Without `session.touch` for so long, the window is locked. */
    idleMinutes: z.number(),
    /** The person must sign in again at this time, in milliseconds since 1970, UTC. */
    endsAt: z.number(),
  }),
  /** Calls are refused with `locked-out`, except saving the text that this window was editing. */
  z.object({ kind: z.literal('locked'), login: z.string(), name: z.string() }),
]);
export type SessionState = z.infer<typeof SessionState>;

export const AuditHead = z.object({
  seq: z.int().nonnegative(),
  hash: z.string(),
  /** What to write on the medium that the auditor keeps: the head, in words and figures. */
  text: z.string(),
});
export type AuditHead = z.infer<typeof AuditHead>;

export const AuditRow = z.object({
  seq: z.int(),
  at: z.number(),
  actor: z.string(),
  event: z.string(),
  subject: z.string(),
  detail: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export const AuditFormat = z.enum(['csv', 'json', 'xml']);
export type AuditFormat = z.infer<typeof AuditFormat>;

export const SecurityPolicy = z.object({
  /** Minutes without `session.touch` before a window is locked. */
  idleMinutes: z.number().min(0.01).max(120),
  /** Hours after which a person signs in again. */
  sessionHours: z.number().min(0.01).max(24),
});
export type SecurityPolicy = z.infer<typeof SecurityPolicy>;

export const KeyState = z.object({
  /** How the data key is kept on this machine, in words. */
  store: z.string(),
  /** Any program of this user can read it. */
  weak: z.boolean(),
  /** Who accepted the weak store and when; null while nobody has. */
  consent: z.object({ login: z.string(), at: z.number() }).nullable(),
  /** How many people's passwords open the data. */
  people: z.int(),
  /** When the data key was last changed; null: never. */
  changedAt: z.number().nullable(),
});
export type KeyState = z.infer<typeof KeyState>;

export const Backup = z.object({
  /** The folder's name. */
  name: z.string(),
  /** The folder that it lies in; null: `backups` in the data folder. */
  folder: z.string().nullable(),
  /** Why it cannot be restored, as far as its list of files says; empty for most. */
  problem: z.string(),
  madeAt: z.number(),
  images: z.int(),
  bytes: z.number(),
  head: z.object({ seq: z.int(), hash: z.string() }),
});
export type Backup = z.infer<typeof Backup>;

/** Parts of a backup, a restore or a change of the key, in words for the person. */
export const SafekeepingStep = z.enum([
  'copying the database',
  'copying images',
  'hashing every file',
  'checking every file',
  'checking the database',
  'keeping what is here',
  'encrypting anew',
]);
export type SafekeepingStep = z.infer<typeof SafekeepingStep>;

const OfDraft = z.object({ draft: DraftId, revision: z.int() });

export const recordCalls = {
  'session.state': { input: Nothing, output: SessionState },
  /** `refused` for a wrong name or password alike, `locked-out` with the time to wait after failures. */
  'session.signIn': {
    input: z.object({ login: z.string().max(64), password: Password }),
    /** `token` takes the session along to a new line of the same page (`session.resume`); keep it in memory only. */
    output: z.object({ state: SessionState, token: z.string() }),
  },
  /** `not-found`: the session has ended. */
  'session.resume': { input: z.object({ token: z.string().max(128) }), output: SessionState },
  /** A token by which one more window joins this session: once, within seconds. */
  'session.share': { input: Nothing, output: z.object({ token: z.string() }) },
  /** The two windows are locked, unlocked and ended together. `not-found`: the token is none, or was used. */
  'session.join': { input: z.object({ token: z.string().max(128) }), output: SessionState },
  'session.signOut': { input: Nothing, output: SessionState },
  'session.lock': { input: Nothing, output: SessionState },
  'session.unlock': { input: z.object({ password: Password }), output: SessionState },
  /** The person did something: a key, the mouse. At most every few seconds. */
  'session.touch': { input: Nothing, output: Nothing },

  /** The first administrator, while there are no people; from then on everybody signs in. This window is signed in. */
  'people.first': {
    input: z.object({
      login: Login,
      name: PersonName,
      password: Password,
      /** Makes the same person a radiologist too. */
      radiologist: z.boolean(),
      /** Must be true where `weakKeyStore` is. */
      acceptWeakKeyStore: z.boolean(),
    }),
    output: z.object({ state: SessionState, token: z.string() }),
  },
  'people.list': { input: Nothing, output: z.object({ people: z.array(Person) }) },
  /** The password is a first one: the person must change it at the first sign-in. */
  'people.create': {
    input: z.object({ login: Login, name: PersonName, roles: Roles, password: Password }),
    output: Person,
  },
  'people.change': { input: z.object({ person: PersonId, name: PersonName, roles: Roles }), output: Person },
  'people.disable': { input: z.object({ person: PersonId, disabled: z.boolean() }), output: Person },
  /** A new first password, also after a lock-out. */
  'people.resetPassword': { input: z.object({ person: PersonId, password: Password }), output: Person },
  /** One's own. */
  'people.changePassword': { input: z.object({ old: Password, next: Password }), output: SessionState },
  'security.get': { input: Nothing, output: SecurityPolicy },
  'security.set': { input: SecurityPolicy, output: SecurityPolicy },

  'report.status': { input: z.object({ draft: DraftId }), output: ReportStatus },
  /** The exact text that would be signed now, its hash, and what the checks say of it. */
  'report.review': {
    input: z.object({ draft: DraftId }),
    output: z.object({
      revision: z.int(),
      text: z.string(),
      sha256: Sha256,
      checks: z.array(RaisedCheck),
      findingsNotLookedAt: z.int(),
    }),
  },
  /** `conflict` when revision or hash are not those of the present text. */
  'report.preliminary': { input: OfDraft.extend({ sha256: Sha256 }), output: ReportStatus },
  /**
   * Signs what `report.review` showed: the report, or the addendum or correction that is being written. Every raised
   * check that warns needs an override with its reason. `conflict`: another text, or another window signed. `refused`:
   * the password, a check that blocks, or one without a reason.
   */
  'report.sign': {
    input: OfDraft.extend({ sha256: Sha256, password: Password, overrides: z.array(Override) }),
    output: ReportStatus,
  },
  /** Begins an addendum; its text is saved by `report.saveAddendum` and takes effect when it is signed. */
  'report.addendum': { input: OfDraft, output: ReportStatus },
  'report.saveAddendum': {
    input: OfDraft.extend({ text: z.string().max(100_000) }),
    output: z.object({ revision: z.int(), savedAt: z.number() }),
  },
  /** Begins a correction: the signed text may be edited (`draft.save`) and takes effect when it is signed. */
  'report.correct': { input: OfDraft.extend({ reason: z.string().trim().min(3).max(1000) }), output: ReportStatus },
  /** Of a report that is not signed, or of the addendum or correction that is being written. What was typed is kept. */
  'report.discard': { input: OfDraft.extend({ reason: z.string().trim().min(3).max(1000) }), output: ReportStatus },
  /** The late images were looked at and the report stands. `lateImages`: how many the person was told of; `conflict` when it is another number. */
  'report.stands': { input: z.object({ draft: DraftId, lateImages: z.int().positive() }), output: ReportStatus },
  /** Preliminary and signed versions, oldest first. */
  'report.versions': { input: z.object({ draft: DraftId }), output: z.array(ReleasedVersion) },
  /** The study's reports before the present one, newest first, with all their versions: what was discarded is read here. */
  'report.earlier': {
    input: z.object({ study: StudyId }),
    output: z.array(z.object({ draft: DraftId, stage: ReportStage, versions: z.array(DraftVersion) })),
  },
  'report.version': {
    input: z.object({ draft: DraftId, number: z.int() }),
    /** `checks`: as they stood when it was released. */
    output: z.object({ version: ReleasedVersion, text: z.string(), checks: z.array(RaisedCheck) }),
  },
  /**
   * The text of a released version to print or hand on; the log keeps that it was, and `head` is printed with it.
   * `number` null: the text as it stands, which nobody released; `version` is null then.
   */
  'report.output': {
    input: z.object({ draft: DraftId, number: z.int().nullable(), purpose: z.enum(['print', 'export']) }),
    output: z.object({ version: ReleasedVersion.nullable(), text: z.string(), head: AuditHead }),
  },

  'checks.policy': { input: Nothing, output: CheckPolicy },
  'checks.setPolicy': { input: CheckPolicy, output: CheckPolicy },

  'finding.judge': {
    input: FindingVerdict.pick({ analysis: true, label: true, verdict: true, note: true, stated: true }),
    output: FindingVerdict,
  },
  /** All, oldest first: the newest of each finding counts. */
  'finding.verdicts': { input: z.object({ analysis: AnalysisId }), output: z.array(FindingVerdict) },

  /** Newest first. `before`: only rows with a smaller number; the others narrow it down. */
  'audit.list': {
    input: z.object({
      limit: z.int().min(1).max(1000).default(200),
      before: z.int().optional(),
      actor: z.string().max(64).optional(),
      /** The event, or its beginning: `session.` finds all of the sign-in. */
      event: z.string().max(64).optional(),
      subject: z.string().max(128).optional(),
      /** Milliseconds since 1970, UTC: from and up to. */
      from: z.number().optional(),
      to: z.number().optional(),
    }),
    output: z.array(AuditRow),
  },
  /** `head`: one that the auditor kept, which the log must still contain. */
  'audit.verify': {
    input: z.object({ head: z.object({ seq: z.int().nonnegative(), hash: z.string() }).optional() }),
    output: z.object({ rows: z.int(), intact: z.boolean(), problem: z.string() }),
  },
  'audit.head': { input: Nothing, output: AuditHead },
  /** One part of the file after row `after`; join the parts until `last` is null. */
  'audit.export': {
    input: z.object({ format: AuditFormat, after: z.int().nonnegative().default(0) }),
    output: z.object({ text: z.string(), next: z.int().nullable() }),
  },

  /** `to`: a folder on this machine, only where the shell allows paths; null: `backups` in the data folder. Stopped by its signal it leaves nothing. */
  'backup.make': { input: z.object({ to: z.string().nullable() }), output: Backup },
  /**
   * Those beside the data, or in `folder`: the full path of a backup, or of a folder with backups, on this machine.
   * `not-found`, `refused` say what was found there instead. Another folder asks for a person who is signed in.
   */
  'backup.list': {
    input: z.object({ folder: z.string().max(4096).nullable().default(null) }),
    output: z.array(Backup),
  },
  /**
   * Puts a backup of `backup.list` in the place of the data; what was there is kept. Everybody signs in again. A backup
   * of another machine opens by `itsPassword`, that of anybody who had an account in it; without one, `password` is
   * tried. Stopped by its signal it changes nothing, up to the moment when the data is replaced.
   */
  'backup.restore': {
    input: z.object({
      name: z.string().max(255),
      folder: z.string().max(4096).nullable().default(null),
      password: Password,
      itsPassword: Password.optional(),
    }),
    output: Nothing,
  },

  'key.state': { input: Nothing, output: KeyState },
  'key.consent': { input: Nothing, output: KeyState },
  /**
   * A new data key: the database is encrypted anew. Each other person's copy of the key is made at their next sign-in.
   * Everybody may go on reading; what is saved meanwhile is refused with `busy`. Stopped, the old key stays.
   */
  'key.change': { input: z.object({ password: Password }), output: KeyState },
} as const satisfies CallTable;

export const recordEvents = {
  /** Of this window alone: signed in or out, locked, ended. */
  'session.changed': SessionState,
  'report.changed': z.object({ study: StudyId, draft: DraftId, revision: z.int() }),
  'finding.judged': z.object({ analysis: AnalysisId, label: LabelId }),
  /** To the window that asked for the backup, the restore or the change of the key: bytes, or tables, done of all. */
  'backup.progress': z.object({
    step: SafekeepingStep,
    done: z.number().nonnegative(),
    total: z.number().nonnegative(),
    unit: z.enum(['bytes', 'tables']),
  }),
} as const satisfies EventTable;
