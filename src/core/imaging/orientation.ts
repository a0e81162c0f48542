/** Letters of anatomical direction: from Patient Orientation, else from Image Orientation (Patient). */
import type { ImageHeader } from './header.ts';

type Oriented = Pick<ImageHeader, 'patientOrientation' | 'imageOrientation'>;

const opposites: Record<string, string> = { L: 'R', R: 'L', A: 'P', P: 'A', F: 'H', H: 'F' };

/** The letter(s) of the other way: 'L' → 'R', 'PF' → 'AH'; '' when a letter is not one of a person's six. */
export function opposite(letters: string): string {
  const other = [...letters].map((letter) => opposites[letter] ?? '');
  return other.includes('') ? '' : other.join('');
}

/** About 3°: a smaller tilt does not earn a letter of its own. */
const TILT = 0.05;

/**
 * Where rows point (towards larger columns) and where columns point (towards larger rows), strongest letter first:
 * PS3.3 C.7.6.1.1.1. Only a person's letters (L R A P F H) are understood; anything else is ''. null when the file
 * says nothing. Image Orientation (Patient) is a direction in +x left, +y posterior, +z head (C.7.6.2.1.1).
 */
export function directionsOf({ patientOrientation, imageOrientation }: Oriented): [row: string, column: string] | null {
  if (patientOrientation?.some((letters) => letters.trim() !== ''))
    return [understood(patientOrientation[0]), understood(patientOrientation[1])];
  if (!imageOrientation) return null;
  return [lettersOf(imageOrientation.slice(0, 3)), lettersOf(imageOrientation.slice(3, 6))];
}

function understood(letters: string): string {
  const clean = letters.trim().toUpperCase();
  return opposite(clean) === '' ? '' : clean;
}

function lettersOf(vector: number[]): string {
  const positive = ['L', 'P', 'H'] as const;
  return vector
    .map((value, axis) => ({ size: Math.abs(value), letter: letterOf(positive[axis] ?? '', value) }))
    .filter(({ size }) => size > TILT)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('');
}

const letterOf = (positive: string, value: number) => (value > 0 ? positive : opposite(positive));
