/** What the audit log records, in words and as DICOM's audit messages name it (PS3.15 A.5, PS3.16 CID 400 and 401). */

/** C(reate), R(ead), U(pdate), D(elete), E(xecute): RFC 3881, EventActionCode. */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

export interface Code {
  code: string;
  system: string;
  meaning: string;
}

export interface AuditEventKind {
  /** For people. */
  words: string;
  id: Code;
  type: Code | null;
  action: AuditAction;
  /** 0 success, 4 minor failure: RFC 3881, EventOutcomeIndicator. */
  outcome: 0 | 4;
  /** What the row's subject is: it decides the participant object's codes. */
  subject: 'study' | 'instance' | 'report' | 'analysis' | 'person' | 'system';
}

const dcm = (code: string, meaning: string): Code => ({ code, system: 'DCM', meaning });
const activity = dcm('110100', 'Application Activity');
const logUsed = dcm('110101', 'Audit Log Used');
const accessed = dcm('110103', 'DICOM Instances Accessed');
const exported = dcm('110106', 'Export');
const imported = dcm('110107', 'Import');
const procedure = dcm('110111', 'Procedure Record');
const security = dcm('110113', 'Security Alert');
const authentication = dcm('110114', 'User Authentication');
const software = dcm('110131', 'Software Configuration');
const rules = dcm('110129', 'Security Configuration');
const roles = dcm('110136', 'Security Roles Changed');
const attributes = dcm('110137', 'User security Attributes Changed');

type Subject = AuditEventKind['subject'];
const kind = (
  words: string,
  id: Code,
  action: AuditAction,
  subject: Subject,
  type: Code | null = null,
  outcome: 0 | 4 = 0,
): AuditEventKind => ({ words, id, type, action, outcome, subject });

export const auditEvents: Readonly<Record<string, AuditEventKind>> = {
  'database.made': kind('Data folder made', activity, 'E', 'system', dcm('110134', 'Audit Recording Started')),
  'database.migrated': kind('Database brought to a newer version', security, 'E', 'system', software),

  'session.signed-in': kind('Signed in', authentication, 'E', 'person', dcm('110122', 'Login')),
  'session.joined': kind('Second window of a session', authentication, 'E', 'person', dcm('110122', 'Login')),
  'session.failed': kind('Wrong name or password', authentication, 'E', 'person', dcm('110122', 'Login'), 4),
  'session.unlocked': kind('Window unlocked', authentication, 'E', 'person', dcm('110122', 'Login')),
  'session.locked': kind('Window locked', authentication, 'E', 'person', dcm('110123', 'Logout')),
  'session.signed-out': kind('Signed out', authentication, 'E', 'person', dcm('110123', 'Logout')),
  'session.ended': kind('Session ended by itself', authentication, 'E', 'person', dcm('110123', 'Logout')),

  'person.created': kind('Person added', security, 'C', 'person', attributes),
  'person.changed': kind('Name or roles changed', security, 'U', 'person', roles),
  'person.disabled': kind('Account disabled', security, 'U', 'person', attributes),
  'person.enabled': kind('Account enabled', security, 'U', 'person', attributes),
  'person.password-changed': kind('Password changed', security, 'U', 'person', attributes),
  'person.password-reset': kind('Password set by an administrator', security, 'U', 'person', attributes),

  'settings.changed': kind('Settings changed', security, 'U', 'system', software),
  'policy.changed': kind('Policy changed', security, 'U', 'system', rules),
  'pack.installed': kind('Model pack installed', security, 'C', 'system', software),
  'pack.removed': kind('Model pack removed', security, 'D', 'system', software),
  'pack.trusted': kind('Maker of model packs trusted', security, 'U', 'system', rules),
  'pack.unsigned': kind('Unsigned model packs allowed or not', security, 'U', 'system', rules),
  'pack.checked': kind('Model pack checked', security, 'E', 'system', software),
  'key.changed': kind('Data key changed', security, 'U', 'system', rules),
  'backup.made': kind('Backup made', exported, 'R', 'system'),
  'backup.restored': kind('Backup restored', security, 'U', 'system', software),

  'instance.imported': kind('Image imported', imported, 'C', 'instance'),
  'import.conflict': kind('Image not taken in: a conflict', imported, 'C', 'instance', null, 4),
  'import.listed': kind('Files opened', imported, 'C', 'system'),
  'import.ended': kind('Opening of files ended', imported, 'E', 'system'),
  'study.refused': kind('No film could be drafted from', procedure, 'E', 'study', null, 4),
  'study.opened': kind('Study opened', accessed, 'R', 'study'),
  'image.viewed': kind('Image viewed', accessed, 'R', 'instance'),

  'analysis.added': kind('Model run', procedure, 'E', 'analysis'),
  'draft.made': kind('Draft made', procedure, 'C', 'report'),
  'draft.saved': kind('Text edited', procedure, 'U', 'report'),
  'draft.kept': kind('Version kept', procedure, 'C', 'report'),
  'finding.seen': kind('Finding looked at', procedure, 'R', 'analysis'),
  'finding.accepted': kind('Finding accepted', procedure, 'U', 'analysis'),
  'finding.rejected': kind('Finding rejected', procedure, 'U', 'analysis'),
  'finding.modified': kind('Finding modified', procedure, 'U', 'analysis'),
  'check.overridden': kind('Check overridden', procedure, 'U', 'report'),
  'report.released': kind('Report released as preliminary', procedure, 'U', 'report'),
  'report.signed': kind('Report signed', procedure, 'U', 'report'),
  'report.amended': kind('Addendum or correction begun', procedure, 'U', 'report'),
  'report.addendum-saved': kind('Addendum edited', procedure, 'U', 'report'),
  'report.discarded': kind('Report or amendment discarded', procedure, 'U', 'report'),
  'report.late-image': kind('Image came after the report was released', procedure, 'U', 'report'),
  'report.verified': kind('Report verified after late images', procedure, 'U', 'report'),
  'report.opened': kind('Report opened', procedure, 'R', 'report'),
  'report.printed': kind('Report printed', exported, 'R', 'report'),
  'report.exported': kind('Report exported', exported, 'R', 'report'),

  'critical.found': kind('Critical result found', procedure, 'C', 'study'),
  'critical.tried': kind('Critical result: nobody was reached', procedure, 'U', 'study', null, 4),
  'critical.told': kind('Critical result told', procedure, 'U', 'study'),
  'critical.withdrawn': kind('Critical result withdrawn', procedure, 'U', 'study'),
  'critical.signed-over': kind('Report signed while a critical result was open', procedure, 'U', 'report'),
  'key-image.viewed': kind('Key image viewed', accessed, 'R', 'study'),
  'key-image.kept': kind('Key image kept', procedure, 'C', 'study'),
  'key-image.removed': kind('Key image removed', procedure, 'D', 'study'),
  'phrase.saved': kind('Phrase saved', procedure, 'U', 'system'),
  'template.imported': kind('Template imported', procedure, 'C', 'system'),
  'word.added': kind('Word added to the spelling check', procedure, 'C', 'system'),
  'word.removed': kind('Word removed from the spelling check', procedure, 'D', 'system'),
  'phrase.removed': kind('Phrase removed', procedure, 'D', 'system'),
  'review.sampled': kind('Reports drawn for peer review', procedure, 'C', 'system'),
  'review.given': kind('Peer review given', procedure, 'C', 'report'),
  'review.answered': kind('Peer review answered by the reader', procedure, 'U', 'report'),
  'desk.exported': kind('Table of the auditor’s desk exported', exported, 'R', 'system'),

  'log.viewed': kind('Audit log viewed', logUsed, 'R', 'system'),
  'log.verified': kind('Audit log verified', logUsed, 'R', 'system'),
  'log.exported': kind('Audit log exported', logUsed, 'R', 'system'),
};

/** An event of a later version still exports: as an activity of the program. */
export const auditEvent = (name: string): AuditEventKind => auditEvents[name] ?? kind(name, activity, 'E', 'system');
