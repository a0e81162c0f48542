/** Where the names of regions stand: at the region, inside the canvas, and not on one another. */
import { apply, type Affine, type Point } from '#core/imaging/affine.ts';
import type { Finding } from '#core/findings/findings.ts';
import type { Region } from '#core/imaging/saliency.ts';
import type { Evidence } from '#core/report/report.ts';
import type { LabelId } from '#core/study/ids.ts';
import type { Size } from './view.ts';

export interface Mark {
  label: LabelId;
  name: string;
  region: Region;
  /** SVG path data in the stored frame. */
  path: string;
}

/** One mark for each finding that has a region; of the selected sentence's `evidence` the mask, where its words rest on one. */
export function marksOf(findings: readonly Finding[], evidence: readonly Evidence[] = []): Mark[] {
  return findings.flatMap((finding) => {
    const { label, name } = finding;
    const mask = evidence.find((item) => item.kind === 'region' && item.basis === 'mask' && item.label === label);
    const region = mask?.kind === 'region' ? mask.region : finding.region;
    return region && region.polygons.length > 0 ? [{ label, name, region, path: pathOf(region) }] : [];
  });
}

/** Whether a sentence that rests on this speaks of what was measured. */
export const isMeasured = (evidence: readonly Evidence[]): boolean =>
  evidence.some(({ kind }) => kind === 'measurement');

/** SVG path data of closed rings, in the frame that their points are in. */
export const pathOf = ({ polygons }: Pick<Region, 'polygons'>): string =>
  polygons.map((polygon) => `M${polygon.map(({ x, y }) => `${x},${y}`).join('L')}Z`).join('');

export interface Tag extends Mark {
  /** Upper left corner, in CSS pixels of the canvas. */
  at: Point;
}

/** Height of a tag, and the width that its name takes; both with some air, in CSS pixels. */
const TAG = { height: 24, letter: 7, padding: 16 };

/** `ratio`: device pixels in a CSS pixel; `size` is the canvas in device pixels. */
export function placeTags(marks: readonly Mark[], affine: Affine, size: Size, ratio: number): Tag[] {
  const room = { width: size.width / ratio, height: size.height / ratio };
  const placed: { x: number; y: number; width: number }[] = [];
  return marks.map((mark) => {
    const points = mark.region.polygons.flat().map((point) => apply(affine, point));
    const left = Math.min(...points.map(({ x }) => x)) / ratio;
    const top = Math.min(...points.map(({ y }) => y)) / ratio;
    const width = mark.name.length * TAG.letter + TAG.padding;
    const at = {
      x: within(left, room.width - width),
      y: within(top - TAG.height - 2, room.height - TAG.height),
    };
    const clash = () =>
      placed.find(
        (other) => Math.abs(other.y - at.y) < TAG.height && at.x < other.x + other.width && other.x < at.x + width,
      );
    for (let other = clash(), tries = 0; other && tries < marks.length; other = clash(), tries += 1)
      at.y = other.y + TAG.height <= room.height - TAG.height ? other.y + TAG.height : other.y - TAG.height;
    placed.push({ ...at, width });
    return { ...mark, at };
  });
}

const within = (value: number, most: number) => Math.max(0, Math.min(value, most));
