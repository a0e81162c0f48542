/** The audit log as a file: CSV (RFC 4180), JSON, or the audit messages of DICOM PS3.15 A.5 (IHE ATNA, RFC 3881) in XML. */
import { cell } from '../csv.ts';
import { auditEvent, type AuditEventKind, type Code } from './events.ts';

export interface ExportedRow {
  seq: number;
  /** Milliseconds since 1970, UTC. */
  at: number;
  actor: string;
  event: string;
  subject: string;
  /** JSON. */
  detail: string;
  previous: string;
  hash: string;
}

/** A file in parts: `begin`, every row through `row`, `end`. */
export interface AuditWriter {
  begin: string;
  row(row: ExportedRow, first: boolean): string;
  end: string;
}

const utc = (ms: number): string => new Date(ms).toISOString();
const columns = ['seq', 'at', 'actor', 'event', 'subject', 'detail', 'previous', 'hash'] as const;

export const csvWriter: AuditWriter = {
  begin: `${columns.join(',')}\r\n`,
  row: (row) => `${columns.map((name) => cell(name === 'at' ? utc(row.at) : String(row[name]))).join(',')}\r\n`,
  end: '',
};

export const jsonWriter: AuditWriter = {
  begin: '[\n',
  row: (row, first) => `${first ? '' : ',\n'}${JSON.stringify({ ...row, time: utc(row.at) })}`,
  end: '\n]\n',
};

/** `source` names this workstation: AuditSourceID. One `AuditMessage` a row, inside one root element. */
export const xmlWriter = (source: string): AuditWriter => ({
  begin: `<?xml version="1.0" encoding="UTF-8"?>\n<AuditMessages>\n`,
  row: (row) => `${auditMessage(row, source)}\n`,
  end: '</AuditMessages>\n',
});

/** PS3.15 A.5.1: the elements in the order of its schema. The row's chain goes along as details of the object. */
export function auditMessage(row: ExportedRow, source: string): string {
  const about = auditEvent(row.event);
  const event = element(
    'EventIdentification',
    { EventActionCode: about.action, EventDateTime: utc(row.at), EventOutcomeIndicator: String(about.outcome) },
    [
      coded('EventID', about.id),
      ...(about.type ? [coded('EventTypeCode', about.type)] : []),
      coded('EventTypeCode', { code: row.event, system: '99RADDRAFT', meaning: about.words }),
    ],
  );
  const participant = element('ActiveParticipant', { UserID: row.actor || 'unknown', UserIsRequestor: 'true' }, []);
  const audit = element('AuditSourceIdentification', { AuditSourceID: source }, [
    element(
      'AuditSourceTypeCode',
      { 'csd-code': '1', codeSystemName: 'DCM', originalText: 'End-user display device' },
      [],
    ),
  ]);
  return element('AuditMessage', {}, [event, participant, audit, object(row, about)]);
}

function object(row: ExportedRow, { subject }: AuditEventKind): string {
  const { id, type, role } = objects[subject];
  const detail = (name: string, value: string) =>
    element('ParticipantObjectDetail', { type: name, value: base64(value) }, []);
  return element(
    'ParticipantObjectIdentification',
    {
      ParticipantObjectID: row.subject || 'none',
      ParticipantObjectTypeCode: type,
      ParticipantObjectTypeCodeRole: role,
    },
    [
      coded('ParticipantObjectIDTypeCode', id),
      element('ParticipantObjectName', {}, [escaped(row.event)]),
      detail('row', String(row.seq)),
      detail('detail', row.detail),
      detail('previous', row.previous),
      detail('hash', row.hash),
    ],
  );
}

/** PS3.15 A.5.1.2: 1 person, 2 system object; roles 3 report, 6 user, 13 security resource, 20 job. */
const objects: Record<AuditEventKind['subject'], { id: Code; type: string; role: string }> = {
  study: { id: { code: '110180', system: 'DCM', meaning: 'Study Instance UID' }, type: '2', role: '3' },
  instance: { id: { code: 'instance', system: '99RADDRAFT', meaning: 'SOP Instance UID' }, type: '2', role: '3' },
  report: { id: { code: '8', system: 'RFC-3881', meaning: 'Report Number' }, type: '2', role: '3' },
  analysis: { id: { code: 'analysis', system: '99RADDRAFT', meaning: 'Analysis id' }, type: '2', role: '20' },
  person: { id: { code: '11', system: 'RFC-3881', meaning: 'User Identifier' }, type: '1', role: '6' },
  system: { id: { code: 'system', system: '99RADDRAFT', meaning: 'Part of the program' }, type: '2', role: '13' },
};

const coded = (name: string, { code, system, meaning }: Code): string =>
  element(name, { 'csd-code': code, codeSystemName: system, originalText: meaning }, []);

function element(name: string, attributes: Record<string, string>, inside: string[]): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ');
  return inside.length === 0 ? `<${open}/>` : `<${open}>${inside.join('')}</${name}>`;
}

/** XML 1.0 has no control characters: they become U+FFFD. */
const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`)
    .replace(/[\t\n\r]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648, of the text in UTF-8: details are xs:base64Binary. */
function base64(text: string): string {
  const bytes = utf8(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const have = Math.min(3, bytes.length - at);
    for (let digit = 0; digit < 4; digit++)
      out += digit <= have ? (alphabet[(bits >> (18 - 6 * digit)) & 63] ?? '') : '=';
  }
  return out;
}

/** The log's text is well-formed: no half surrogate pairs. */
const utf8 = (text: string): number[] =>
  [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|[^]/g)].map(([all, hex]) =>
    hex === undefined ? (all.codePointAt(0) ?? 0) : parseInt(hex, 16),
  );
