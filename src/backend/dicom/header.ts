/** Data set → `ImageHeader`: everything that display, gate, geometry and models read of an image. */
import type { ImageHeader, VoiFunction, VoiWindow } from '#core/imaging/header.ts';
import type { Dataset, DicomData } from './dataset.ts';
import type { PixelFormat } from './format.ts';
import { found, framesAgree, places } from './groups.ts';
import { isLossy } from './lossy.ts';
import { luts } from './luts.ts';
import { overlays } from './overlays.ts';
import { patientAge } from './patientAge.ts';
import { EXPORT_SINGLE, refused } from './refuse.ts';
import { shutters } from './shutters.ts';
import { text } from './text.ts';
import { code, codes, number, numbers } from './values.ts';
import { bodyPart, laterality, viewPosition } from './view.ts';

/** Functional group macros (PS3.3 C.7.6.16.2). */
const PIXEL_MEASURES = 'x00289110';
const PLANE_ORIENTATION = 'x00209116';
const PLANE_POSITION = 'x00209113';
const PIXEL_VALUE_TRANSFORMATION = 'x00289145';
const FRAME_VOI_LUT = 'x00289132';

export function imageHeader(data: DicomData, format: PixelFormat): ImageHeader {
  const { low, high } = format.padding ?? { low: null, high: null };
  return {
    sopClassUid: code(data, 'x00080016') || data.start.mediaStorageSopClassUid,
    transferSyntaxUid: data.syntax.uid,
    ...acquisition(data),
    rows: format.rows,
    columns: format.columns,
    frames: format.frames,
    samplesPerPixel: format.samplesPerPixel,
    photometric: format.photometric,
    planarConfiguration: format.planar ? 1 : 0,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    highBit: format.highBit,
    signed: format.signed,
    pixelPadding: low === null || high === null ? null : { value: low, limit: high },
    ...grey(data, format.signed),
    ...geometry(data),
    lossy: isLossy(data, data.syntax),
    lossyRatio: number(data, 'x00282112', 'DS'),
    burnedIn: code(data, 'x00280301').toUpperCase(),
    shutters: shutters(data),
    overlays: overlays(data, format),
    synthetic: isSynthetic(data),
  };
}

type Acquisition = Pick<
  ImageHeader,
  | 'modality'
  | 'bodyPart'
  | 'viewPosition'
  | 'laterality'
  | 'presentationIntent'
  | 'imageType'
  | 'conversionType'
  | 'manufacturer'
  | 'stationName'
  | 'kvp'
  | 'exposureMas'
  | 'sliceThickness'
  | 'sliceLocation'
  | 'patientAgeYears'
  | 'patientSex'
>;

function acquisition(data: Dataset): Acquisition {
  const microampereSeconds = number(data, 'x00181153', 'IS');
  return {
    modality: code(data, 'x00080060'),
    bodyPart: bodyPart(data),
    viewPosition: viewPosition(data),
    laterality: laterality(data),
    presentationIntent: code(data, 'x00080068').toUpperCase(),
    imageType: codes(data, 'x00080008'),
    conversionType: code(data, 'x00080064'),
    manufacturer: text(data, 'x00080070'),
    stationName: text(data, 'x00081010'),
    kvp: number(data, 'x00180060', 'DS'),
    exposureMas: number(data, 'x00181152', 'IS') ?? (microampereSeconds === null ? null : microampereSeconds / 1000),
    sliceThickness: found(data, PIXEL_MEASURES, (place) => number(place, 'x00180050', 'DS')),
    sliceLocation: number(data, 'x00201041', 'DS'),
    patientAgeYears: patientAge(data),
    patientSex: code(data, 'x00100040'),
  };
}

type Grey = Pick<
  ImageHeader,
  | 'rescaleSlope'
  | 'rescaleIntercept'
  | 'rescaleType'
  | 'modalityLut'
  | 'windows'
  | 'voiFunction'
  | 'voiLuts'
  | 'presentationLutShape'
>;

/**
 * Modality, VOI and presentation transformations (PS3.3 C.11.1, C.11.2, C.11.6); a slope of 0 counts as absent. Throws
 * AppError `refused` where one header cannot tell the values of all frames.
 */
function grey(data: Dataset, signed: boolean): Grey {
  if (!framesAgree(data, PIXEL_VALUE_TRANSFORMATION, ['x00281052', 'x00281053'], true))
    throw refused('one rescale for all frames', 'frames with rescales of their own', EXPORT_SINGLE);
  const slope = found(data, PIXEL_VALUE_TRANSFORMATION, (place) => number(place, 'x00281053', 'DS'));
  const [modalityLut = null] = luts(data, 'x00283000', signed);
  return {
    rescaleSlope: slope === null || slope === 0 ? 1 : slope,
    rescaleIntercept: found(data, PIXEL_VALUE_TRANSFORMATION, (place) => number(place, 'x00281052', 'DS')) ?? 0,
    rescaleType: found(data, PIXEL_VALUE_TRANSFORMATION, (place) => code(place, 'x00281054') || null) ?? '',
    modalityLut,
    windows:
      places(data, FRAME_VOI_LUT)
        .map(windows)
        .find((list) => list.length > 0) ?? [],
    voiFunction: found(data, FRAME_VOI_LUT, voiFunction) ?? 'LINEAR',
    // What goes into the VOI LUT is what comes out of the modality LUT: signed where a rescale can make it negative.
    voiLuts: luts(data, 'x00283010', modalityLut ? false : signed || (number(data, 'x00281052', 'DS') ?? 0) < 0),
    presentationLutShape: code(data, 'x20500020').toUpperCase(),
  };
}

/** Windows of a positive width whose centre and width are both numbers. */
function windows(place: Dataset): VoiWindow[] {
  const centers = numbers(place, 'x00281050', 'DS');
  const widths = numbers(place, 'x00281051', 'DS');
  const explanations = text(place, 'x00281055') ? codes(place, 'x00281055') : [];
  return centers.flatMap((center, index) => {
    const width = widths[index];
    if (width === undefined || !Number.isFinite(center) || !Number.isFinite(width) || width <= 0) return [];
    return [{ center, width, explanation: explanations[index] ?? '' }];
  });
}

function voiFunction(place: Dataset): VoiFunction | null {
  const value = code(place, 'x00281056');
  return value === 'LINEAR' || value === 'LINEAR_EXACT' || value === 'SIGMOID' ? value : null;
}

type Geometry = Pick<
  ImageHeader,
  | 'patientOrientation'
  | 'imageOrientation'
  | 'imagePosition'
  | 'pixelSpacing'
  | 'pixelSpacingCalibration'
  | 'imagerPixelSpacing'
  | 'magnification'
  | 'pixelAspectRatio'
>;

/** Frames that lie each in a way of their own have no letters in common, and no spacing. */
function geometry(data: Dataset): Geometry {
  const [row = '', column = ''] = codes(data, 'x00200020');
  const magnification = number(data, 'x00181114', 'DS');
  return {
    patientOrientation: row !== '' && column !== '' ? [row, column] : null,
    imageOrientation: framesAgree(data, PLANE_ORIENTATION, ['x00200037'])
      ? found(data, PLANE_ORIENTATION, (place) => exactly(6, numbers(place, 'x00200037', 'DS')))
      : null,
    imagePosition: found(data, PLANE_POSITION, (place) => exactly(3, numbers(place, 'x00200032', 'DS'))),
    pixelSpacing: framesAgree(data, PIXEL_MEASURES, ['x00280030'], true)
      ? found(data, PIXEL_MEASURES, (place) => positivePair(numbers(place, 'x00280030', 'DS')))
      : null,
    pixelSpacingCalibration: code(data, 'x00280a02'),
    imagerPixelSpacing: positivePair(numbers(data, 'x00181164', 'DS')),
    magnification: magnification !== null && magnification > 0 ? magnification : null,
    pixelAspectRatio: positivePair(numbers(data, 'x00280034', 'IS')),
  };
}

const exactly = (count: number, values: number[]): number[] | null =>
  values.length >= count && values.slice(0, count).every(Number.isFinite) ? values.slice(0, count) : null;

/** A spacing of zero counts as none. */
function positivePair([first, second]: number[]): [number, number] | null {
  const positive = (value: number | undefined): value is number => Number.isFinite(value) && (value ?? 0) > 0;
  return positive(first) && positive(second) ? [first, second] : null;
}

/**
 * (0008,001C) Synthetic Data, or the value in Image Type where our phantoms have it. Never a description: a person's
 * film may be named after a synthetic graft or view, and must not be called nobody's.
 */
const isSynthetic = (data: Dataset): boolean =>
  code(data, 'x0008001c') === 'YES' || codes(data, 'x00080008').includes('SYNTHETIC');
