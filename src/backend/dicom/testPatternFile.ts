/** The display's test pattern as a DICOM file: Secondary Capture (PS3.3 A.8.1), so that it is drawn as every image is. */
import { PATTERN_SIDE, testPattern } from '#core/phantom/testPattern.ts';
import { uidOf } from './uid.ts';
import { writeDicom } from './write.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const DATE = '20260101';
const TIME = '080000';

/** 8 bits, window 128/256 LINEAR: each stored value is the grey level that the display gets. The same bytes each time. */
export function testPatternFile(): Uint8Array {
  return writeDicom({
    sopClassUid: SECONDARY_CAPTURE,
    sopInstanceUid: uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b13'),
    elements: [
      ['0008,0008', 'CS', 'DERIVED', 'SECONDARY', 'TESTPATTERN', 'SYNTHETIC'],
      ['0008,0012', 'DA', DATE],
      ['0008,0013', 'TM', TIME],
      ['0008,0020', 'DA', DATE],
      ['0008,0023', 'DA', DATE],
      ['0008,0030', 'TM', TIME],
      ['0008,0033', 'TM', TIME],
      ['0008,0050', 'SH'],
      ['0008,0060', 'CS', 'OT'],
      ['0008,0064', 'CS', 'SYN'],
      ['0008,0070', 'LO', 'RadDraft'],
      ['0008,0090', 'PN'],
      ['0008,1030', 'LO', 'Test pattern for the display'],
      ['0008,103e', 'LO', 'To be seen one to one'],
      ['0010,0010', 'PN', 'TEST^PATTERN'],
      ['0010,0020', 'LO', 'SYNTHETIC-PATTERN'],
      ['0010,0030', 'DA'],
      ['0010,0040', 'CS', 'O'],
      ['0020,000d', 'UI', uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b11')],
      ['0020,000e', 'UI', uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b12')],
      ['0020,0010', 'SH'],
      ['0020,0011', 'IS', 1],
      ['0020,0013', 'IS', 1],
      ['0020,0020', 'CS'],
      ['0028,0002', 'US', 1],
      ['0028,0004', 'CS', 'MONOCHROME2'],
      ['0028,0010', 'US', PATTERN_SIDE],
      ['0028,0011', 'US', PATTERN_SIDE],
      ['0028,0100', 'US', 8],
      ['0028,0101', 'US', 8],
      ['0028,0102', 'US', 7],
      ['0028,0103', 'US', 0],
      ['0028,1050', 'DS', 128],
      ['0028,1051', 'DS', 256],
      ['7fe0,0010', 'OB', testPattern().values],
    ],
  });
}
