/** Stores with many studies in them, put in as an import would, without files. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { addInstance } from '#backend/db/addInstance.ts';
import { openStore, type Store } from '#backend/db/store.ts';
import { ParsedFile } from '#contract/imaging.ts';
import { headerOf } from '#core/imaging/testdata/header.ts';

const FAMILY = ['Adler', 'Bauer', 'Čapek', 'Dąbrowski', 'Évora', 'Fischer', 'García', 'Høegh', 'Ivanov', 'Jørgensen'];
const GIVEN = ['Anna', 'Bruno', 'Carla', 'David', 'Elif', 'Farid', 'Greta', 'Hugo', 'Inés', 'Jan', 'Karin', 'Luís'];
const two = (value: number) => String(value).padStart(2, '0');

export const storeIn = (home: string): Promise<Store> =>
  openStore({
    dataFolder: path.join(home, 'data'),
    machineSecret: { kind: 'file', path: path.join(home, 'machine.key') },
    now: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
    program: 'bench',
  });

/** Studies number `from` to `to` (without the last), a thousand to a transaction. */
export function addStudies(store: Store, from: number, to: number): void {
  for (let first = from; first < to; first += 1000)
    store.write((write) => {
      for (let n = first; n < Math.min(to, first + 1000); n++)
        addInstance(write, studyNumber(n), { sha256: n.toString(16).padStart(64, '0'), importedAt: n, actor: 'bench' });
    });
}

export const nameOf = (n: number): string =>
  `${FAMILY[n % FAMILY.length] ?? ''}^${GIVEN[Math.floor(n / FAMILY.length) % GIVEN.length] ?? ''}`;

function studyNumber(n: number): ParsedFile {
  const date = `${2010 + (n % 16)}${two(1 + (n % 12))}${two(1 + (n % 28))}`;
  return ParsedFile.parse({
    kind: 'dicom',
    patient: {
      id: `P${n}`,
      issuer: '',
      name: { alphabetic: nameOf(n), ideographic: '', phonetic: '' },
      birthDate: '19600101',
      sex: 'O',
    },
    study: { id: `1.2.826.${n + 1}`, date, time: '101500', accession: `A${n}`, description: 'Chest PA', referrer: '' },
    series: {
      id: `1.2.826.${n + 1}.1`,
      number: 1,
      modality: n % 3 === 0 ? 'CR' : 'DX',
      description: 'PA',
      bodyPart: 'CHEST',
    },
    instance: { id: `1.2.826.${n + 1}.1.1`, number: 1 },
    header: headerOf(),
    preamble: 'empty',
  });
}
