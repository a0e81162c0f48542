/** The radiology word list: what an ordinary dictionary does not know. */
import { anatomy } from './lists/anatomy.ts';
import { british } from './lists/british.ts';
import { clinic } from './lists/clinic.ts';
import { findings } from './lists/findings.ts';
import { names } from './lists/names.ts';
import { practice } from './lists/practice.ts';

/** In lower case, each once; `nodule/s` stands for two words, `mass/es` too. */
export const radiologyWords: readonly string[] = [
  ...new Set(
    [anatomy, british, clinic, findings, names, practice]
      .join(' ')
      .split(/\s+/)
      .filter((entry) => entry !== '')
      .flatMap((entry) => {
        const [word = '', ending] = entry.toLowerCase().split('/');
        return ending === undefined ? [word] : [word, word + ending];
      }),
  ),
].sort();
