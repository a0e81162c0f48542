/** Person names in every character set of the standard, against pydicom's decoding (reference.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDataset, type Dataset } from '../../src/backend/dicom/dataset.ts';
import { personName } from '../../src/backend/dicom/text.ts';
import { items } from '../../src/backend/dicom/values.ts';
import { hasShared, needsShared, shared } from '../shared.ts';
import names from './names.json' with { type: 'json' };

const PATIENT_NAME = 'x00100010';

/** The data set that holds the name: the top level, or an item of a sequence with or without its own character set. */
const holder = (data: Dataset): Dataset | undefined =>
  [data, ...Object.keys(data.elements).flatMap((tag) => items(data, tag))].find(
    ({ elements }) => PATIENT_NAME in elements,
  );

describe.skipIf(!hasShared)(needsShared('2 person names'), () => {
  test.each(Object.entries(names.names))('2.1 %s', (file, expected) => {
    const data = holder(readDataset(new Uint8Array(readFileSync(shared('dicom/charset', file)))));
    const { alphabetic, ideographic, phonetic } = data
      ? personName(data, PATIENT_NAME)
      : { alphabetic: '', ideographic: '', phonetic: '' };
    expect([alphabetic, ideographic, phonetic].join('=').replace(/=+$/, '')).toBe(expected);
  });
});
