/** Values to show → stored values, such that the file's own modality and VOI step lead back to the values to show. */
import type { Element } from './write.ts';

export interface Encoding {
  intent: 'FOR PRESENTATION' | 'FOR PROCESSING';
  photometric: 'MONOCHROME1' | 'MONOCHROME2';
  bitsStored: 8 | 10 | 12 | 14 | 16;
  /** How stored values become grey (PS3.3 C.11.2); FOR PROCESSING films have none. */
  voi: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' | 'LUT' | 'none';
  rescale: { slope: number; intercept: number };
  /** A margin of Pixel Padding Value, black on screen, as wide as a fiftieth of the film. */
  padding: boolean;
}

/** The VOI step and its inverse: from what a monitor should show (0 … 1) to the step's input. */
interface Voi {
  elements: Element[];
  inverse: (shown: number) => number;
}

/**
 * `values` (0 black … 1 white, row by row) as the Image Pixel module and what goes with it. Throws a RangeError for a
 * VOI LUT over rescaled values: its first index would have to be a whole number.
 */
export function encodeFilm(values: Float32Array, rows: number, columns: number, form: Encoding): Element[] {
  const { bitsStored, photometric, rescale } = form;
  const top = 2 ** bitsStored - 1;
  const white = photometric === 'MONOCHROME2';
  const low = rescale.intercept;
  const high = rescale.slope * top + rescale.intercept;
  const voi = form.intent === 'FOR PROCESSING' ? none(low, high) : voiOf(form, low, high);
  const wide = bitsStored > 8;
  const stored = wide ? new Uint16Array(values.length) : new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const shown = values[index] ?? 0;
    const output = voi.inverse(white ? shown : 1 - shown);
    stored[index] = Math.min(top, Math.max(0, Math.round((output - rescale.intercept) / rescale.slope)));
  }
  const black = white ? 0 : top;
  if (form.padding) addMargin(stored, rows, columns, black);
  return [
    ...(form.padding ? ([['0028,0120', 'US', black]] as const) : []),
    ['0028,0002', 'US', 1],
    ['0028,0004', 'CS', photometric],
    ['0028,0010', 'US', rows],
    ['0028,0011', 'US', columns],
    ['0028,0100', 'US', wide ? 16 : 8],
    ['0028,0101', 'US', bitsStored],
    ['0028,0102', 'US', bitsStored - 1],
    ['0028,0103', 'US', 0],
    ['0028,1040', 'CS', 'LOG'],
    // Sign −1: lower stored values where more radiation came through (PS3.3 C.8.11.3.1.2).
    ['0028,1041', 'SS', white ? -1 : 1],
    ['0028,1052', 'DS', rescale.intercept],
    ['0028,1053', 'DS', rescale.slope],
    ['0028,1054', 'LO', 'US'],
    ['2050,0020', 'CS', white ? 'IDENTITY' : 'INVERSE'],
    ...voi.elements,
    ['7fe0,0010', wide ? 'OW' : 'OB', new Uint8Array(stored.buffer)],
  ];
}

const none = (low: number, high: number): Voi => ({ elements: [], inverse: (shown) => low + shown * (high - low) });

function voiOf({ voi, bitsStored, rescale }: Encoding, low: number, high: number): Voi {
  // The window takes the middle 80 % of the range, so that ignoring it shows.
  const center = (low + high) / 2;
  const width = 0.8 * (high - low);
  const window = (name: string, c: number, w: number): Element[] => [
    ['0028,1050', 'DS', c],
    ['0028,1051', 'DS', w],
    ...(name === 'LINEAR' ? [] : ([['0028,1056', 'CS', name]] as const)),
  ];
  switch (voi) {
    case 'none':
      return none(low, high);
    case 'LINEAR': // y = (x − (c − 0.5)) / (w − 1) + 0.5 (PS3.3 C.11.2.1.2.1)
      return {
        elements: window('LINEAR', center, width),
        inverse: (shown) => (shown - 0.5) * (width - 1) + center - 0.5,
      };
    case 'LINEAR_EXACT': // y = (x − c) / w + 0.5 (C.11.2.1.3.2)
      return { elements: window('LINEAR_EXACT', center, width), inverse: (shown) => (shown - 0.5) * width + center };
    case 'SIGMOID': {
      // y = 1 / (1 + exp(−4 (x − c) / w)) (C.11.2.1.3.1): 0.002 … 0.998 must fit into the range.
      const w = width / 3.4;
      const inverse = (shown: number): number => {
        const y = Math.min(0.998, Math.max(0.002, shown));
        return center + (w / 4) * Math.log(y / (1 - y));
      };
      return { elements: window('SIGMOID', center, w), inverse };
    }
    case 'LUT': {
      if (rescale.slope !== 1 || !Number.isInteger(rescale.intercept))
        throw new RangeError(`expected a VOI LUT over unscaled values, found slope ${rescale.slope}`);
      const entries = 2 ** bitsStored;
      const data = Uint16Array.from({ length: entries }, (_, i) => Math.round(65535 * Math.sqrt(i / (entries - 1))));
      return {
        elements: [
          [
            '0028,3010',
            'SQ',
            [
              // 65536 entries are written as 0 (C.11.2.1.1).
              ['0028,3002', 'US', entries % 65536, low, 16],
              ['0028,3003', 'LO', 'Square root'],
              ['0028,3006', 'OW', new Uint8Array(data.buffer)],
            ],
          ],
        ],
        inverse: (shown) => low + shown * shown * (entries - 1),
      };
    }
  }
}

function addMargin(stored: Uint8Array | Uint16Array, rows: number, columns: number, value: number): void {
  const margin = Math.ceil(Math.max(rows, columns) / 50);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      if (r < margin || c < margin || r >= rows - margin || c >= columns - margin) stored[r * columns + c] = value;
}
