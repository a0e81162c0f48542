/** What a test asks of the page: studies of generated frames, and the state of the real viewer that shows them. */
import type { Analysis } from '#core/findings/findings.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { SampleKind } from '#core/imaging/pixels.ts';
import type { Study } from '#core/study/study.ts';
import type { ViewerState } from '../../../src/renderer/state/viewer.svelte.ts';

/** One generated image; frames are taken from `values`, or are all of one `value`. */
export interface ImageSpec {
  header: Partial<ImageHeader>;
  kind: SampleKind;
  /** Row by row; colour as RGB triples. */
  values?: number[];
  value?: number;
  /** A texture of so many grey levels. */
  levels?: number;
  min: number;
  max: number;
  /** Milliseconds before the source answers for this image. */
  delay?: number;
  /** How often the source fails before it answers. */
  failures?: number;
}

export interface StudySpec {
  id: string;
  synthetic?: boolean;
  summary?: Partial<Study['summary']>;
  series: { modality: string; description: string; images: ImageSpec[] }[];
}

export interface Lab {
  viewer: ViewerState;
  open(spec: StudySpec): void;
  analyse(analysis: Analysis | null): void;
  select(label: string | null): void;
  /** Labels that the viewer selected, in order. */
  selections: (string | null)[];
  /** A saliency grid for every label: row by row, 0 … 1. */
  saliency: {
    rows: number;
    columns: number;
    values: number[];
    toImage: [number, number, number, number, number, number];
  };
}

declare global {
  interface Window {
    lab: Lab;
  }
}
