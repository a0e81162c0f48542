/** Whether a word is known: to our list, to the dictionary, or made of a known word and a prefix as medicine makes them. */
import { radiologyWords } from './radiology.ts';
import { plainWord } from './words.ts';

const own: ReadonlySet<string> = new Set(radiologyWords);

const prefixes = (
  'non peri para sub supra infra intra extra inter retro trans pre post hyper hypo micro macro multi semi pseudo poly ' +
  'thoraco cardio costo sterno vertebro spondylo broncho tracheo pleuro pneumo hemo haemo fibro osteo chondro lipo neuro ' +
  'antero postero supero infero medio latero dorso ventro cranio caudo ilio ischio sacro lumbo cervico femoro tibio ' +
  'aorto veno arterio hepato spleno gastro entero uretero pelvi cortico endo epi exo ultra anti auto contra mid mini over ' +
  're un under radio sono'
).split(' ');
/** A rest of fewer letters makes chance words: "interal", "posteral". */
const SHORTEST_REST = 5;

/** `inDictionary` is asked with small letters, and with the word as it is written (names). */
export function isKnown(word: string, inDictionary: (word: string) => boolean): boolean {
  const plain = plainWord(word);
  const simple = (one: string) => own.has(one) || inDictionary(one);
  if (simple(plain) || inDictionary(word.replaceAll('’', "'"))) return true;
  const american = plain.replace(/([iy])s(e|ed|es|er|ers|ing|ation|ations)$/u, '$1z$2');
  if (american !== plain && plain.length >= 7 && simple(american)) return true;
  return prefixes.some(
    (prefix) =>
      plain.startsWith(prefix) && plain.length >= prefix.length + SHORTEST_REST && simple(plain.slice(prefix.length)),
  );
}
