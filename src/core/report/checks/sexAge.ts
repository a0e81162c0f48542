/** Sex and age in the text that are not the patient's. */
import type { CheckInput, CheckResult } from './check.ts';
import { compile, type Hit, hitsOf } from './pattern.ts';
import { placeOf, type ReadSentence } from './sentences.ts';
import words from './words/people.en.json' with { type: 'json' };

const lists = {
  M: { people: compile(words.male), pronouns: compile(words.malePronouns), organs: compile(words.maleOrgans) },
  F: { people: compile(words.female), pronouns: compile(words.femalePronouns), organs: compile(words.femaleOrgans) },
};
const relations = compile(words.relations);
const staff = compile(words.staff);
const young = compile(words.young);
const growing = compile(words.growing);
const children = compile(words.child);
const old = compile(words.old);
const things = compile(words.notAPerson);

export function sexAndAge(input: CheckInput, sentences: readonly ReadSentence[]): CheckResult[] {
  return sentences.flatMap((sentence) => [...sexOf(input, sentence), ...ageOf(input, sentence)]);
}

function sexOf({ patient }: CheckInput, sentence: ReadSentence): CheckResult[] {
  if (patient.sex !== 'M' && patient.sex !== 'F') return [];
  const { people, pronouns, organs } = lists[patient.sex === 'M' ? 'F' : 'M'];
  const { text } = sentence;
  const relative = hitsOf(relations, text).length > 0;
  const colleague = hitsOf(staff, text).length > 0;
  const letter = new RegExp(`\\b\\d{1,3}\\s?(?:yo|y/o|y)?\\s?${patient.sex === 'M' ? 'F' : 'M'}\\b`, 'g');
  const hits = [
    ...(relative || colleague ? [] : [...hitsOf(people, text), ...hitsOf(pronouns, text)]),
    ...(relative ? [] : hitsOf(organs, text)),
    ...hitsOf(letter, text),
  ];
  const first = hits[0];
  if (!first) return [];
  const sex = patient.sex === 'M' ? 'male' : 'female';
  return [result(sentence, hits, `The patient is ${sex} by the study, and the text says “${first.text}”.`)];
}

const stated = [
  /\b(\d{1,3})[\s-]*(?:years?|yrs?)[\s-]+old\b/giu,
  /\b(\d{1,3})[\s-]*(?:yo|y\/o|y\.o\.?)(?!\p{L})/giu,
  /\b(\d{1,3})[\s-]*(?:years?|yrs?) of age\b/giu,
  /\baged? (\d{1,3})\b/giu,
  /\b(\d{1,3})\s?[MF]\b/gu,
  /\b(?:fe)?male,? (\d{1,3})\b/giu,
];

function ageOf({ patient }: CheckInput, sentence: ReadSentence): CheckResult[] {
  const { ageYears } = patient;
  if (ageYears === null) return [];
  const { text } = sentence;
  const wrong = [...numbers(text), ...spelled(text)].filter(({ hit, years }) => {
    const before = text.slice(Math.max(0, hit.from - 12), hit.from);
    if (/\b(at|since|from|until|at the)\s*$/i.test(before) || hitsOf(relations, text.slice(0, hit.from)).length > 0)
      return false;
    const next = text.slice(hit.to).trimStart().split(/\s/)[0] ?? '';
    return hitsOf(things, next).length === 0 && Math.abs(years - Math.floor(ageYears)) > 1;
  });
  const about = hitsOf(relations, text).length > 0;
  const words = [
    ...(ageYears >= 3 ? hitsOf(young, text) : []),
    ...(ageYears >= 13 ? hitsOf(growing, text) : []),
    ...(ageYears >= 19 ? hitsOf(children, text) : []),
    ...(ageYears < 50 ? hitsOf(old, text) : []),
  ].filter(({ text: word }) => !about || /^(infant|newborn|neonat|cardiothymic|thymus)/i.test(word));
  const hits = [...wrong.map(({ hit }) => hit), ...words];
  const first = hits[0];
  if (!first) return [];
  const age = ageYears < 2 ? `${Math.floor(ageYears * 12)} months` : `${Math.floor(ageYears)} years`;
  return [result(sentence, hits, `The patient is ${age} old by the study, and the text says “${first.text}”.`)];
}

function numbers(text: string): { hit: Hit; years: number }[] {
  return stated.flatMap((expression) =>
    [...text.matchAll(expression)].map((match) => ({
      hit: { from: match.index, to: match.index + match[0].length, text: match[0] },
      years: Number(match[1]),
    })),
  );
}

const names = Object.keys(words.numbers).join('|');
const inWords = new RegExp(`\\b(${names})(?:[\\s-](${names}))?[\\s-]+years?[\\s-]+old\\b`, 'giu');

function spelled(text: string): { hit: Hit; years: number }[] {
  const value = (word: string | undefined) =>
    Object.entries(words.numbers).find(([name]) => name === word?.toLowerCase())?.[1] ?? 0;
  return [...text.matchAll(inWords)].map((match) => ({
    hit: { from: match.index, to: match.index + match[0].length, text: match[0] },
    years: value(match[1]) + value(match[2]),
  }));
}

const result = (sentence: ReadSentence, hits: readonly Hit[], message: string): CheckResult => ({
  check: 'sex-age',
  label: null,
  places: hits.map((hit) => placeOf(sentence, hit)),
  message,
});
