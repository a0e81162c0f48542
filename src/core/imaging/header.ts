/** What the product reads of an image's DICOM header: one schema for display, gate, geometry and models. */
import * as z from 'zod';

/** A lookup table of DICOM (PS3.3 C.11.1.1.1): `data[i]` is the output for stored value `firstMapped + i`. */
export const Lut = z.object({
  firstMapped: z.int(),
  bits: z.int().min(1).max(16),
  data: z.array(z.int().nonnegative()).min(1),
  explanation: z.string(),
});
export type Lut = z.infer<typeof Lut>;

export const VoiWindow = z.object({ center: z.number(), width: z.number(), explanation: z.string() });
export type VoiWindow = z.infer<typeof VoiWindow>;
export const VoiFunction = z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']);
export type VoiFunction = z.infer<typeof VoiFunction>;

/** Row spacing (vertical distance between rows) first, column spacing second, as in DICOM; mm. */
const Pair = z.tuple([z.number(), z.number()]);

/** Display shutter (PS3.3 C.7.6.11), in image columns and rows counted from 1 as in the file. */
export const Shutter = z.discriminatedUnion('shape', [
  z.object({
    shape: z.literal('RECTANGULAR'),
    left: z.number(),
    right: z.number(),
    upper: z.number(),
    lower: z.number(),
  }),
  z.object({ shape: z.literal('CIRCULAR'), centerRow: z.number(), centerColumn: z.number(), radius: z.number() }),
  z.object({ shape: z.literal('POLYGONAL'), vertices: z.array(z.object({ row: z.number(), column: z.number() })) }),
]);
export type Shutter = z.infer<typeof Shutter>;

/** One overlay plane of group 60xx (PS3.3 C.9.2): one bit a pixel, packed, least significant bit first. */
export const Overlay = z.object({
  group: z.int(),
  rows: z.int(),
  columns: z.int(),
  /** 1-based place of the overlay's first pixel in the image. */
  originRow: z.int(),
  originColumn: z.int(),
  type: z.string(),
  label: z.string(),
  bits: z.instanceof(Uint8Array),
});
export type Overlay = z.infer<typeof Overlay>;

export const ImageHeader = z.object({
  sopClassUid: z.string(),
  transferSyntaxUid: z.string(),
  modality: z.string(),
  bodyPart: z.string(),
  viewPosition: z.string(),
  /** (0020,0062) or (0020,0060): R, L, U, B or empty. */
  laterality: z.string(),
  /** FOR PRESENTATION, FOR PROCESSING or empty (0008,0068). */
  presentationIntent: z.string(),
  imageType: z.array(z.string()),
  conversionType: z.string(),
  manufacturer: z.string(),
  stationName: z.string(),
  kvp: z.number().nullable(),
  exposureMas: z.number().nullable(),
  sliceThickness: z.number().nullable(),
  sliceLocation: z.number().nullable(),
  /** AS value in years (`045Y` → 45, `006M` → 0.5), else null. */
  patientAgeYears: z.number().nullable(),
  patientSex: z.string(),

  rows: z.int().positive(),
  columns: z.int().positive(),
  frames: z.int().positive(),
  samplesPerPixel: z.int().positive(),
  photometric: z.string(),
  planarConfiguration: z.int(),
  bitsAllocated: z.int(),
  bitsStored: z.int(),
  highBit: z.int(),
  signed: z.boolean(),
  pixelPadding: z.object({ value: z.int(), limit: z.int() }).nullable(),

  rescaleSlope: z.number(),
  rescaleIntercept: z.number(),
  rescaleType: z.string(),
  modalityLut: Lut.nullable(),
  windows: z.array(VoiWindow),
  voiFunction: VoiFunction,
  voiLuts: z.array(Lut),
  /** IDENTITY, INVERSE or empty (2050,0020). */
  presentationLutShape: z.string(),

  /** (0020,0020) as two strings, row direction then column direction; null when empty. */
  patientOrientation: z.tuple([z.string(), z.string()]).nullable(),
  imageOrientation: z.array(z.number()).length(6).nullable(),
  imagePosition: z.array(z.number()).length(3).nullable(),
  pixelSpacing: Pair.nullable(),
  /** GEOMETRY, FIDUCIAL or empty (0028,0A02). */
  pixelSpacingCalibration: z.string(),
  imagerPixelSpacing: Pair.nullable(),
  /** (0018,1114), else null. */
  magnification: z.number().nullable(),
  /** (0028,0034) vertical : horizontal size of a pixel; null when absent. */
  pixelAspectRatio: Pair.nullable(),

  /** '01' when the pixels ever went through lossy compression (0028,2110), or the syntax itself is lossy. */
  lossy: z.boolean(),
  lossyRatio: z.number().nullable(),
  /** YES, NO or empty (0028,0301). */
  burnedIn: z.string(),
  shutters: z.array(Shutter),
  overlays: z.array(Overlay),
  /** Made by mathematics, not of a person: header says SYNTHETIC. */
  synthetic: z.boolean(),
});
export type ImageHeader = z.infer<typeof ImageHeader>;
