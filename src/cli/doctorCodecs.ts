/** Whether each codec decodes: a small film of each through the imaging worker, as the program itself reads it. */
import { startImaging } from '#backend/dicom/imaging.ts';
import { AppError } from '#contract/errors.ts';
import type { Finding } from './doctorPlaces.ts';
import { samples } from './doctorSamples.ts';
import { slope } from './doctorSlope.ts';

/** A lossy codec may be off by as much, in grey levels of 8 bits. */
const LOSSY = 4;

export async function checkCodecs(): Promise<Finding[]> {
  const imaging = startImaging();
  try {
    const findings: Finding[] = [];
    for (const { name, bits, file } of samples) {
      const wanted = slope(bits);
      const allowed = bits === 8 ? LOSSY : 0;
      const found = await imaging.decode(new Uint8Array(Buffer.from(file, 'base64')), 0).then(
        ({ data }) => {
          const off = Math.max(...wanted.map((value, at) => Math.abs(value - (data[at] ?? NaN))));
          return data.length === wanted.length && off <= allowed ? '' : `decodes wrongly, off by ${off}`;
        },
        (error: unknown) => (error instanceof AppError ? error.message : 'does not decode'),
      );
      findings.push({ what: `codec ${name}`, state: found ? 'failed' : 'ok', found: found || 'decodes' });
    }
    return findings;
  } finally {
    await imaging.close();
  }
}
