/** The exact text that a person signs: whose report it is, the report, and every addendum in its order. */
import { personName } from '../study/personName.ts';
import type { Patient } from '../study/study.ts';
import type { ReportLanguage } from './language.ts';
import type { ReportDocument } from './report.ts';
import { reportText } from './text.ts';

export interface SignedTextInput {
  patient: Patient;
  study: { id: string; date: string; accession: string; description: string };
  document: ReportDocument;
  /** Of the draft: its headings are in it. The lines about patient and study are English. */
  language: ReportLanguage;
  /** Addenda that are signed already. */
  addenda: readonly { text: string; name: string; at: number }[];
  /** The addendum that is to be signed now; null when none is. */
  addendum: string | null;
  /** Set for a correction: why, and the version that it replaces. */
  correction: { reason: string; replaces: number; at: number } | null;
}

export const LABEL = 'For research and evaluation. Not for clinical use.';

/**
 * Plain text with `\n` line ends. The patient's names and ids stand in it, so that the signature is of this patient's
 * report and of no other's. Who signs and when is not: that is known only afterwards and stands beside it.
 */
export function signedText(input: SignedTextInput): string {
  const { patient, study, document, language, addenda, addendum, correction } = input;
  const names = Object.values(patient.name)
    .map(personName)
    .filter((name) => name !== '');
  const head = [
    LABEL,
    `Patient: ${names.join(' = ')}`,
    `Patient id: ${patient.id}${patient.issuer === '' ? '' : ` (${patient.issuer})`}`,
    ...(patient.birthDate === '' ? [] : [`Born: ${dashed(patient.birthDate)}`]),
    `Study: ${[dashed(study.date), study.description].filter((part) => part !== '').join(', ')}`,
    ...(study.accession === '' ? [] : [`Accession: ${study.accession}`]),
    `Study UID: ${study.id}`,
  ];
  if (correction)
    head.push(
      `Corrected report. It replaces version ${correction.replaces} of ${utc(correction.at)}. Reason: ${correction.reason}`,
    );
  const below = addenda.map(({ text, name, at }, index) => part(`ADDENDUM ${index + 1} (${name}, ${utc(at)})`, text));
  if (addendum !== null) below.push(part(`ADDENDUM ${addenda.length + 1}`, addendum));
  return [`${head.join('\n')}\n`, reportText(document, language), ...below].join('\n');
}

const part = (heading: string, text: string): string => `${heading}\n${text.trim()}\n`;

/** YYYYMMDD as YYYY-MM-DD; anything else as it is. */
const dashed = (date: string): string => date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
