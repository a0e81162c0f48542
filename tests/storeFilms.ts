/** Made-up films, analyses and drafts for the tests of records. No person is meant. */
import { randomBytes } from 'node:crypto';
import { ParsedFile } from '#contract/imaging.ts';
import { Analysis } from '#core/findings/findings.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { headerOf } from '#core/imaging/testdata/header.ts';
import { Draft, type ReportDocument } from '#core/report/report.ts';
import { InstanceId, LabelId } from '#core/study/ids.ts';

export const random = (bytes: number): Uint8Array => randomBytes(bytes);

export interface Sample {
  study?: string;
  series?: string;
  instance?: string;
  id?: string;
  issuer?: string;
  name?: string;
  ideographic?: string;
  birthDate?: string;
  date?: string;
  accession?: string;
  description?: string;
  modality?: string;
  number?: number;
  imagePosition?: number[];
  header?: Partial<ImageHeader>;
}

/** What the parser says of a film; every value may be chosen. */
export function film(sample: Sample = {}): ParsedFile {
  const { study = '1.2.3', instance = '1.2.3.1.1', modality = 'DX' } = sample;
  return ParsedFile.parse({
    kind: 'dicom',
    patient: {
      id: sample.id ?? 'PATIENT-1',
      issuer: sample.issuer ?? 'HOSPITAL',
      name: { alphabetic: sample.name ?? 'Quixano^Alonso', ideographic: sample.ideographic ?? '', phonetic: '' },
      birthDate: sample.birthDate ?? '19500101',
      sex: 'M',
    },
    study: {
      id: study,
      date: sample.date ?? '20260104',
      time: '101500',
      accession: sample.accession ?? 'ACC-1',
      description: sample.description ?? 'Chest two views',
      referrer: 'Panza^Sancho',
    },
    series: {
      id: sample.series ?? `${study}.1`,
      number: 1,
      modality,
      description: 'PA',
      bodyPart: 'CHEST',
    },
    instance: { id: instance, number: sample.number ?? 1 },
    header: headerOf({
      modality,
      manufacturer: 'Maker',
      kvp: 120,
      exposureMas: 2,
      patientAgeYears: 76,
      patientSex: 'M',
      rows: 4,
      columns: 4,
      windows: [{ center: 2048, width: 4096, explanation: '' }],
      presentationLutShape: 'IDENTITY',
      imageOrientation: sample.imagePosition ? [1, 0, 0, 0, 1, 0] : null,
      imagePosition: sample.imagePosition ?? null,
      imagerPixelSpacing: [0.14, 0.14],
      overlays: [
        {
          group: 0x6000,
          rows: 4,
          columns: 4,
          originRow: 1,
          originColumn: 1,
          type: 'G',
          label: '',
          bits: new Uint8Array([1, 2, 3, 255]),
        },
      ],
      ...sample.header,
    }),
    preamble: 'empty',
  });
}

export const imported = { sha256: 'a'.repeat(64), importedAt: 1_767_600_000_000, actor: 'reader' };

export const instanceId = InstanceId.parse('1.2.3.1.1');
export const effusion = LabelId.parse('effusion');

export function analysisOfFilm(): Analysis {
  return Analysis.parse({
    id: 'analysis-1',
    instance: instanceId,
    frame: 0,
    pack: { id: 'chest-findings', version: '1.0.0', sha256: 'b'.repeat(64), use: 'evaluation' },
    gate: { accepted: true, reason: null, message: '', caveats: ['side assumed'] },
    findings: [
      {
        label: 'effusion',
        name: 'Pleural effusion',
        probability: 0.81,
        threshold: 0.4,
        positive: true,
        region: {
          polygons: [
            [
              { x: 1, y: 1 },
              { x: 2.5, y: 1 },
              { x: 2, y: 3 },
            ],
          ],
          box: { x: 1, y: 1, width: 1.5, height: 2 },
        },
      },
      {
        label: 'nodule',
        name: 'Nodule',
        probability: 0.1,
        threshold: 0.5,
        positive: false,
        region: null,
      },
    ],
    engine: { provider: 'cpu', nodes: { CPUExecutionProvider: 90 }, fallback: '', runtime: '1.30.0' },
    timings: { decode: 12.5, run: 18 },
    createdAt: 1_767_600_001_000,
  });
}

export const document = (text: string): ReportDocument => ({
  sections: [{ key: 'findings', paragraphs: [[{ text, source: null }]] }],
});

export function draftOfFilm(id = 'draft-1'): Draft {
  return Draft.parse({
    id,
    study: '1.2.3',
    instance: '1.2.3.1.1',
    analysis: 'analysis-1',
    sources: [
      {
        id: 's1',
        section: 'findings',
        text: 'Pleural effusion is likely.',
        finding: 'effusion',
        probability: 0.81,
        evidence: [{ kind: 'operating-point', label: 'effusion', probability: 0.81, threshold: 0.4 }],
      },
    ],
    document: {
      sections: [{ key: 'findings', paragraphs: [[{ text: 'Pleural effusion is likely.', source: 's1' }]] }],
    },
    revision: 0,
    savedAt: 1_767_600_002_000,
  });
}
