/** Builds the study and the source of pixels that a test describes. */
import { PIECE_BYTES } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { bytesOf, samplesOf, type FrameInfo } from '#core/imaging/pixels.ts';
import { previewOf } from '#core/imaging/preview.ts';
import { headerOf, texture } from '#core/imaging/testdata/header.ts';
import { InstanceId, SeriesId, StudyId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';
import type { ImageSpec, StudySpec } from './lab.ts';

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
      verify: false,
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
        header: headerOf({ viewPosition: 'PA', modality, ...image.header }),
      })),
    })),
  };
}

interface Source {
  /** Makes the frames of a study available. */
  add(spec: StudySpec, study: Study): void;
  info(instance: InstanceId): Promise<FrameInfo>;
  /** Comes at once, however long `info` takes. */
  preview(instance: InstanceId): Promise<{ info: FrameInfo; halvings: number; bytes: Uint8Array<ArrayBuffer> } | null>;
  pixels(instance: InstanceId, offset: number): Promise<{ bytes: Uint8Array<ArrayBuffer> }>;
}

interface Image {
  spec: ImageSpec;
  header: ImageHeader;
  bytes: Uint8Array<ArrayBuffer>;
}

const infoOf = ({ spec, header, bytes }: Image): FrameInfo => ({
  rows: header.rows,
  columns: header.columns,
  samplesPerPixel: header.samplesPerPixel === 3 ? 3 : 1,
  kind: spec.kind,
  min: spec.min,
  max: spec.max,
  byteLength: bytes.length,
});

export function createSource(): Source {
  const images = new Map<string, Image>();
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
      return infoOf({ spec, header, bytes });
    },
    async preview(instance) {
      const image = imageOf(instance);
      const info = infoOf(image);
      const found = previewOf({ ...info, data: samplesOf(info.kind, image.bytes) }, image.header.pixelPadding);
      return found && { info, halvings: found.halvings, bytes: new Uint8Array(bytesOf(found.level.data)) };
    },
    async pixels(instance, offset) {
      return { bytes: imageOf(instance).bytes.slice(offset, offset + PIECE_BYTES) };
    },
  };
}

function encoded(
  { kind, values, value, levels }: ImageSpec,
  { rows, columns, samplesPerPixel }: ImageHeader,
): Uint8Array<ArrayBuffer> {
  const count = rows * columns * samplesPerPixel;
  const samples = samplesOf(kind, new Uint8Array((count * Number(kind.slice(1))) / 8));
  if (values) samples.set(values);
  else if (levels)
    for (let at = 0; at < count; at += 1) samples[at] = texture(levels)(at % columns, Math.floor(at / columns));
  else samples.fill(value ?? 0);
  return new Uint8Array(bytesOf(samples));
}
