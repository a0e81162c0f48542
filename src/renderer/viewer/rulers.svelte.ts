/** The rulers that the reader drew, image by image, for as long as their study is open; nothing of them is stored. */
import type { Point } from '#core/imaging/affine.ts';
import { isWhole, pointsOf, type Ruler, type RulerKind } from '#core/measure/ruler.ts';

export type RulersState = ReturnType<typeof createRulers>;

export function createRulers() {
  let drawn = $state.raw<Readonly<Record<string, readonly Ruler[]>>>({});
  /** Under the pointer, not whole yet; its last point follows. */
  let pending = $state.raw<{ image: string; ruler: Ruler } | null>(null);

  const of = (image: string): readonly Ruler[] => drawn[image] ?? [];
  const put = (image: string, rulers: readonly Ruler[]) => (drawn = { ...drawn, [image]: rulers });
  /** The pending ruler's last point moves to `at`. */
  function follow(at: Point): void {
    if (!pending) return;
    const { image, ruler } = pending;
    pending = { image, ruler: { ...ruler, points: [...ruler.points.slice(0, -1), at] } };
  }

  return {
    of,
    get pending() {
      return pending;
    },
    /** A press in `image`: a ruler begins there, or the pending one goes on. */
    begin(image: string, kind: RulerKind, at: Point): void {
      if (pending?.image === image && pending.ruler.kind === kind) return follow(at);
      pending = { image, ruler: { kind, points: [at, at] } };
    },
    follow,
    /** A release: the point stays. What is whole is kept, else the next point follows the pointer. */
    place(at: Point): void {
      follow(at);
      if (!pending) return;
      const { image, ruler } = pending;
      if (isWhole(ruler)) {
        put(image, [...of(image), ruler]);
        pending = null;
      } else pending = { image, ruler: { ...ruler, points: [...ruler.points, at].slice(0, pointsOf[ruler.kind]) } };
    },
    /** Moves one point of one ruler that is whole. */
    move: (image: string, which: number, point: number, to: Point) =>
      put(
        image,
        of(image).map((ruler, at) =>
          at === which ? { ...ruler, points: ruler.points.map((old, n) => (n === point ? to : old)) } : ruler,
        ),
      ),
    /** What is being drawn, else the ruler `which`, else the last one. */
    remove(image: string, which = of(image).length - 1): void {
      if (pending) pending = null;
      else put(image, of(image).toSpliced(which, which < 0 ? 0 : 1));
    },
    cancel: () => (pending = null),
    clear(): void {
      pending = null;
      drawn = {};
    },
  };
}
