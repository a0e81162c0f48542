/** Stored values to modality values (Hounsfield units, optical density …): PS3.3 C.11.1. */
import type { ImageHeader, Lut } from './header.ts';

type Modality = Pick<ImageHeader, 'modalityLut' | 'rescaleSlope' | 'rescaleIntercept'>;

/** PS3.3 C.11.1.1.1: a value below the first mapped one takes the first entry, one above the last takes the last. */
export function lutEntry(lut: Lut, input: number): number {
  const index = Math.min(Math.max(Math.round(input) - lut.firstMapped, 0), lut.data.length - 1);
  return lut.data[index] ?? 0;
}

/** A Modality LUT Sequence wins over rescale: the standard lets a file hold only one of them. */
export function modalityValue(header: Modality, stored: number): number {
  if (header.modalityLut) return lutEntry(header.modalityLut, stored);
  return stored * slopeOf(header) + header.rescaleIntercept;
}

/** Smallest and largest modality value that stored values from `min` to `max` can give. */
export function modalityRange(
  header: Modality,
  { min, max }: { min: number; max: number },
): [low: number, high: number] {
  const ends: [number, number] = [modalityValue(header, min), modalityValue(header, max)];
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (header.modalityLut) {
    const { firstMapped, data } = header.modalityLut;
    for (let i = Math.max(0, min - firstMapped); i < data.length && i + firstMapped <= max; i++) {
      low = Math.min(low, data[i] ?? low);
      high = Math.max(high, data[i] ?? high);
    }
  }
  return [low, high];
}

/** A slope of zero would make every pixel the same; it counts as not given. */
const slopeOf = ({ rescaleSlope }: Modality) => (rescaleSlope === 0 ? 1 : rescaleSlope);
