/** Makes src/cli/doctorSamples.ts anew: `node tests/drive/doctorSamples.ts`. A slope of 16 × 16 in every codec. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { uidOf } from '#backend/dicom/uid.ts';
import { writeDicom } from '#backend/dicom/write.ts';
import { slope } from '../../src/cli/doctorSlope.ts';
import { transcoded } from './transcode.ts';

const kinds: [name: string, uid: string, bits: 8 | 12][] = [
  ['RLE', '1.2.840.10008.1.2.5', 12],
  ['JPEG baseline', '1.2.840.10008.1.2.4.50', 8],
  ['JPEG lossless', '1.2.840.10008.1.2.4.70', 12],
  ['JPEG-LS', '1.2.840.10008.1.2.4.80', 12],
  ['JPEG 2000', '1.2.840.10008.1.2.4.90', 12],
  ['HTJ2K', '1.2.840.10008.1.2.4.201', 12],
];

function plain(bits: 8 | 12): Uint8Array {
  const values = slope(bits);
  const bytes = bits === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
  const uid = uidOf('00000000-0000-4000-8000-000000000417');
  return writeDicom({
    sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    sopInstanceUid: uid,
    elements: [
      ['0008,0060', 'CS', 'OT'],
      ['0020,000d', 'UI', uid],
      ['0020,000e', 'UI', uid],
      ['0028,0002', 'US', 1],
      ['0028,0004', 'CS', 'MONOCHROME2'],
      ['0028,0010', 'US', 16],
      ['0028,0011', 'US', 16],
      ['0028,0100', 'US', bits === 8 ? 8 : 16],
      ['0028,0101', 'US', bits],
      ['0028,0102', 'US', bits - 1],
      ['0028,0103', 'US', 0],
      ['7fe0,0010', bits === 8 ? 'OB' : 'OW', bytes],
    ],
  });
}

const made: string[] = [];
for (const [name, uid, bits] of kinds) {
  const file = await transcoded(plain(bits), uid);
  made.push(`  { name: '${name}', bits: ${bits}, file: '${Buffer.from(file).toString('base64')}' },`);
}
writeFileSync(
  path.resolve(import.meta.dirname, '../../src/cli/doctorSamples.ts'),
  `/** A slope of 16 × 16 in every codec, each a DICOM file in base64 (made by tests/drive/doctorSamples.ts). */

export const samples: readonly { name: string; bits: 8 | 12; file: string }[] = [
${made.join('\n')}
];
`,
);
