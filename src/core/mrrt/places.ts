/** Which section of our report a template's section belongs to: by its LOINC code, else by its name. */
import type { SectionKey } from '../report/report.ts';

/** LOINC codes that IHE MRRT templates carry for their sections (RAD TF-3, 8.1.3). */
const byLoinc: Readonly<Record<string, SectionKey>> = {
  '55752-0': 'indication', // Clinical information
  '18785-6': 'indication', // Reason for study
  '11329-0': 'indication', // History
  '55111-9': 'technique', // Current imaging procedure descriptions
  '55115-0': 'technique', // Requested imaging studies information
  '18834-2': 'comparison', // Radiology comparison study
  '55114-3': 'comparison', // Prior imaging procedure descriptions
  '18782-3': 'findings', // Radiology study observation
  '59776-5': 'findings', // Procedure findings
  '19005-8': 'impression', // Radiology impression
};

const byName: readonly (readonly [RegExp, SectionKey])[] = [
  [/\b(impressions?|conclusions?|summary|opinion|diagnosis|assessment|recommendations?)\b/u, 'impression'],
  [/\b(comparisons?|priors?|prior stud(y|ies))\b/u, 'comparison'],
  [/\b(findings?|observations?|results?)\b/u, 'findings'],
  [/\b(clinical|indications?|history|reason|question)\b/u, 'indication'],
  [/\b(techniques?|procedures?|protocol|contrast|views?|acquisition)\b/u, 'technique'],
];

/** Null: it belongs to none of ours. */
export function sectionFor(name: string, loinc: string | undefined): SectionKey | null {
  const coded = loinc === undefined ? undefined : byLoinc[loinc];
  const words = name.toLowerCase();
  return coded ?? byName.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Fields of a template that name what the film's header knows: the merge field of ours. */
const merges: readonly (readonly [RegExp, string])[] = [
  [/^(patient ?)?age$/u, 'age'],
  [/^(patient ?)?(sex|gender)$/u, 'sex'],
  [/^(patient ?|patient'?s ?)name$/u, 'name'],
  [/^(patient ?id|mrn|medical record number|patient identifier)$/u, 'id'],
  [/^(patient ?)?(birth ?date|date of birth|dob)$/u, 'born'],
  [/^(study|exam|examination|procedure) ?date$|^date of (study|exam|examination)$/u, 'study date'],
  [/^(study|exam|examination|procedure) ?time$/u, 'study time'],
  [/^accession( ?number)?$/u, 'accession'],
  [/^modality$/u, 'modality'],
  [/^(study|exam|procedure) ?description$/u, 'description'],
];

/** `PatientAge`, `patient_age` and `Patient age:` all say `age`; null: nothing that the header knows. */
export function mergeFor(name: string): string | null {
  const words = name
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_.:-]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return merges.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
