/** Builds the study and the source of pixels that a test describes. */
import { PIECE_BYTES } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { bytesOf, samplesOf, type FrameInfo } from '#core/imaging/pixels.ts';
import { InstanceId, SeriesId, StudyId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';
import type { ImageSpec, StudySpec } from './lab.ts';

const plain: ImageHeader = {
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  modality: 'DX',
  bodyPart: 'CHEST',
  viewPosition: 'PA',
  laterality: '',
  presentationIntent: 'FOR PRESENTATION',
  imageType: ['ORIGINAL', 'PRIMARY'],
  conversionType: '',
  manufacturer: '',
  stationName: '',
  kvp: null,
  exposureMas: null,
  sliceThickness: null,
  sliceLocation: null,
  patientAgeYears: null,
  patientSex: '',
  rows: 1,
  columns: 1,
  frames: 1,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  signed: false,
  pixelPadding: null,
  rescaleSlope: 1,
  rescaleIntercept: 0,
  rescaleType: '',
  modalityLut: null,
  windows: [],
  voiFunction: 'LINEAR',
  voiLuts: [],
  presentationLutShape: '',
  patientOrientation: ['L', 'F'],
  imageOrientation: null,
  imagePosition: null,
  pixelSpacing: null,
  pixelSpacingCalibration: '',
  imagerPixelSpacing: null,
  magnification: null,
  pixelAspectRatio: null,
  lossy: false,
  lossyRatio: null,
  burnedIn: '',
  shutters: [],
  overlays: [],
  synthetic: false,
};

export function studyOf(spec: StudySpec): Study {
  return {
    summary: {
      id: StudyId.parse(spec.id),
      patient: {
        id: 'T-1',
        issuer: '',
        name: { alphabetic: 'TEST^IMAGE', ideographic: '', phonetic: '' },
        birthDate: '19600131',
        sex: 'F',
      },
      date: '20240201',
      time: '101500',
      accession: 'A1',
      description: 'Generated',
      modalities: spec.series.map(({ modality }) => modality),
      bodyPart: 'CHEST',
      instances: spec.series.reduce((sum, { images }) => sum + images.length, 0),
      state: 'none',
      synthetic: spec.synthetic ?? true,
      importedAt: 0,
      editedAt: null,
      ...spec.summary,
    },
    series: spec.series.map(({ modality, description, images }, at) => ({
      id: SeriesId.parse(`${spec.id}.${at}`),
      number: at + 1,
      modality,
      description,
      instances: images.map((image, index) => ({
        id: InstanceId.parse(`${spec.id}.${at}.${index}`),
        series: SeriesId.parse(`${spec.id}.${at}`),
        number: index + 1,
        header: { ...plain, modality, ...image.header },
      })),
    })),
  };
}

interface Source {
  /** Makes the frames of a study available. */
  add(spec: StudySpec, study: Study): void;
  info(instance: InstanceId): Promise<FrameInfo>;
  pixels(instance: InstanceId, offset: number): Promise<{ bytes: Uint8Array<ArrayBuffer> }>;
}

export function createSource(): Source {
  const images = new Map<string, { spec: ImageSpec; header: ImageHeader; bytes: Uint8Array<ArrayBuffer> }>();
  const imageOf = (instance: InstanceId) => {
    const image = images.get(instance);
    if (!image) throw new AppError('not-found', 'expected an image of the test');
    return image;
  };
  return {
    add(spec, study) {
      for (const [s, series] of study.series.entries())
        for (const [i, { id, header }] of series.instances.entries()) {
          const image = spec.series[s]?.images[i];
          if (image) images.set(id, { spec: { ...image }, header, bytes: encoded(image, header) });
        }
    },
    async info(instance) {
      const { spec, header, bytes } = imageOf(instance);
      if (spec.delay) await new Promise((resolve) => setTimeout(resolve, spec.delay));
      if ((spec.failures ?? 0) > 0) {
        spec.failures = (spec.failures ?? 0) - 1;
        throw new AppError('refused', 'Expected pixels of JPEG 2000, found none. Ask for the file again.');
      }
      return {
        rows: header.rows,
        columns: header.columns,
        samplesPerPixel: header.samplesPerPixel === 3 ? 3 : 1,
        kind: spec.kind,
        min: spec.min,
        max: spec.max,
        byteLength: bytes.length,
      };
    },
    async pixels(instance, offset) {
      return { bytes: imageOf(instance).bytes.slice(offset, offset + PIECE_BYTES) };
    },
  };
}

function encoded(
  { kind, values, value }: ImageSpec,
  { rows, columns, samplesPerPixel }: ImageHeader,
): Uint8Array<ArrayBuffer> {
  const count = rows * columns * samplesPerPixel;
  const samples = samplesOf(kind, new Uint8Array((count * Number(kind.slice(1))) / 8));
  if (values) samples.set(values);
  else samples.fill(value ?? 0);
  return new Uint8Array(bytesOf(samples));
}
