/** The viewer's state: which image, how it is shown, what is hidden. Every action of the reader is one function here. */
import { AppError } from '#contract/errors.ts';
import type { Affine, Point } from '#core/imaging/affine.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { presetsOf, type Preset } from '#core/imaging/presets.ts';
import { pixelSize } from '#core/imaging/spacing.ts';
import { defaultVoi, type Range, type Voi } from '#core/imaging/voi.ts';
import { rulerSentence, type RulerKind } from '#core/measure/ruler.ts';
import { spacingOf } from '#core/measure/spacing.ts';
import type { SeriesId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';
import type { CornerstoneImage } from '../viewer/cornerstone.ts';
import { sameImage, type ImageRef } from '../viewer/imageId.ts';
import { createLoader } from '../viewer/loader.ts';
import type { Look } from '../viewer/look.ts';
import type { ImageApi } from '../viewer/pieces.ts';
import { isTestPattern } from '../viewer/testPattern.ts';
import { createPrefetch } from '../viewer/prefetch.ts';
import { createRulers } from '../viewer/rulers.svelte.ts';
import { placeOf, stackOf, stripOf, type StackImage, type StripEntry } from '../viewer/stack.ts';
import * as views from '../viewer/view.ts';
import { draggedWindow } from '../viewer/windowing.ts';

export type Tool = 'window' | 'zoom' | 'pan' | 'scroll' | RulerKind;

/** The canvas in device pixels, and how many of them make a CSS pixel. */
export interface CanvasSize extends views.Size {
  ratio: number;
}

/** An image that is here, with its place in the stack: what the canvas and all text around it show. */
export interface Shown {
  place: StackImage;
  image: CornerstoneImage;
}

export interface Loading {
  /** What is loading, for the reader. */
  name: string;
  done: number;
  total: number;
  /** It takes long enough to be said. */
  slow: boolean;
}

export type ViewerState = ReturnType<typeof createViewer>;

/** What is remembered of a series while its study is open. A `voi` of null is the file's own. */
interface SeriesLook {
  image: number;
  view: views.View;
  voi: Voi | null;
  invert: boolean;
}

const LARGEST_OPACITY = 0.45;
/** A wait longer than this, in ms, empties the canvas and shows progress. */
const PATIENCE = 150;

export interface ViewerOptions {
  api: ImageApi;
  /** Bytes of decoded frames to keep. */
  cacheBytes?: number;
}

export function createViewer({ api, cacheBytes }: ViewerOptions) {
  const loader = createLoader(api, cacheBytes);

  let study = $state.raw<Study | null>(null);
  let series = $state(0);
  let index = $state(0);
  let shown = $state.raw<Shown | null>(null);
  let loading = $state.raw<Loading | null>(null);
  let problem = $state.raw<AppError | null>(null);
  /** Goes up with every frame that arrives, so that the strip knows to look. */
  let arrivals = $state(0);

  let canvas = $state.raw<CanvasSize>({ width: 1, height: 1, ratio: 1 });
  let view = $state.raw<views.View>(views.upright);
  let chosenVoi = $state.raw<Voi | null>(null);
  let invert = $state(false);
  let sharp = $state(false);
  let tool = $state<Tool>('window');
  let aiHidden = $state(false);
  let textHidden = $state(false);
  let graphicsHidden = $state(false);
  let opacity = $state(0.35);
  /** From the stored frame to the canvas, as cornerstone drew it last; null while nothing is drawn. */
  let drawn = $state.raw<{ affine: Affine; imageId: string } | null>(null);

  const stack = $derived.by<StackImage[]>(() => {
    const current = study?.series[series];
    return current ? stackOf(current) : [];
  });
  const wanted = $derived(stack[index] ?? null);
  /** What the text describes: the image on the canvas, else the one that is coming. */
  const current = $derived(shown?.place ?? wanted);
  const strip = $derived<StripEntry[]>(study ? stripOf(study) : []);
  const range = $derived<Range>(
    shown ? { min: shown.image.minPixelValue, max: shown.image.maxPixelValue } : { min: 0, max: 1 },
  );
  const voi = $derived.by<Voi | null>(() => {
    if (!shown || shown.image.color) return null;
    const { header } = shown.place;
    if (chosenVoi && (chosenVoi.kind === 'window' || header.voiLuts[chosenVoi.index])) return chosenVoi;
    return defaultVoi(header, range);
  });
  const look = $derived<Look>({ voi: voi ?? { kind: 'window', center: 128, width: 256, fn: 'LINEAR' }, invert, sharp });
  const presets = $derived<Preset[]>(shown ? presetsOf(shown.place.header, range) : []);

  /** By series. */
  let remembered: Record<SeriesId, SeriesLook> = {};
  const rulers = createRulers();
  const prefetch = createPrefetch(loader, () => (arrivals += 1));
  let request = new AbortController();

  const shapeOf = ({ columns, rows, ...header }: ImageHeader): views.Shape => {
    const pixel = pixelSize(header);
    return { columns, rows, pixelWidth: pixel.width, pixelHeight: pixel.height };
  };
  /** Changes the view of what is shown; nothing to do while nothing is. */
  const changeView = (change: (shape: views.Shape) => views.View) => {
    if (shown) view = change(shapeOf(shown.place.header));
  };

  function show(place: StackImage, image: CornerstoneImage): void {
    problem = null;
    shown = { place, image };
    changeView((shape) => views.resized(view, shape, canvas, 1));
  }

  function display(place: StackImage, image: CornerstoneImage): void {
    loading = null;
    show(place, image);
    arrivals += 1;
    prefetch.around(stack, place.index, strip);
  }

  /** On the canvas, if only as its preview. */
  const isHere = (place: StackImage) => shown !== null && sameImage(shown.place, place);

  async function load(place: StackImage): Promise<void> {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const here = loader.cached(place);
    if (here) return display(place, here);
    problem = null;
    loading = { name: nameOf(place, stack.length), done: 0, total: 0, slow: false };
    const lateness = setTimeout(() => {
      if (signal.aborted || isHere(place)) return;
      shown = null;
      if (loading) loading = { ...loading, slow: true };
    }, PATIENCE);
    const onprogress = (done: number, total: number) => {
      if (!signal.aborted && loading) loading = { ...loading, done, total };
    };
    try {
      const preview = await loader.preview(place, place.header, signal);
      if (preview && !signal.aborted) show(place, preview);
      const arrival = loader.load(place, place.header, { signal, onprogress });
      prefetch.stop(); // after the load has joined a flight of the same image
      const image = await arrival;
      if (!signal.aborted) display(place, image);
    } catch (error) {
      if (signal.aborted) return;
      fail(error);
    } finally {
      clearTimeout(lateness);
    }
  }

  function fail(error: unknown): void {
    loading = null;
    shown = null;
    problem =
      error instanceof AppError
        ? error
        : new AppError('internal', 'Expected an image that can be shown, found something else. Try again.', {
            cause: error,
          });
  }

  function goTo(toSeries: number, toImage: number): void {
    if (toSeries !== series) changeSeries(toSeries);
    index = Math.min(Math.max(0, toImage), Math.max(0, stack.length - 1));
    if (!wanted) return;
    if (!isHere(wanted) || shown?.image.isPreview) return void load(wanted);
    request.abort(); // back to what is still on the canvas: what was on its way is no longer wanted
    loading = null;
  }

  /** Empties the canvas at once: the other series has its own window and position. */
  function changeSeries(to: number): void {
    const from = study?.series[series];
    const next = study?.series[to];
    if (from) remembered[from.id] = { image: index, view, voi: chosenVoi, invert };
    const memory = next && remembered[next.id];
    shown = null;
    series = to;
    view = memory?.view ?? views.upright;
    chosenVoi = memory?.voi ?? null;
    invert = memory?.invert ?? false;
  }

  /** Opens a study, or takes the newer data of the one that is open without moving. */
  function open(next: Study | null): void {
    if (next && study?.summary.id === next.summary.id) {
      const place = wanted && placeOf(next, wanted);
      study = next;
      if (place) ({ series, image: index } = place);
      return;
    }
    request.abort();
    prefetch.stop();
    remembered = {};
    rulers.clear();
    study = next;
    series = 0;
    index = 0;
    shown = null;
    drawn = null;
    loading = null;
    problem = null;
    view = wanted && isTestPattern(wanted.header) ? { ...views.upright, mode: 'one' } : views.upright;
    chosenVoi = null;
    invert = false;
    if (wanted) void load(wanted);
  }

  return {
    get study() {
      return study;
    },
    get series() {
      return series;
    },
    get index() {
      return index;
    },
    get stack() {
      return stack;
    },
    get strip() {
      return strip;
    },
    get shown() {
      return shown;
    },
    get current() {
      return current;
    },
    get loading() {
      return loading;
    },
    get problem() {
      return problem;
    },
    get arrivals() {
      return arrivals;
    },
    get canvas() {
      return canvas;
    },
    get view() {
      return view;
    },
    get look() {
      return look;
    },
    get voi() {
      return voi;
    },
    get presets() {
      return presets;
    },
    get tool() {
      return tool;
    },
    get aiHidden() {
      return aiHidden;
    },
    get textHidden() {
      return textHidden;
    },
    get graphicsHidden() {
      return graphicsHidden;
    },
    get opacity() {
      return opacity;
    },
    get drawn() {
      return drawn;
    },
    rulers,

    open,
    goTo,
    /** The frame on the canvas or on its way; does nothing when the study does not hold it. */
    goToImage: (ref: ImageRef) => {
      const place = study && placeOf(study, ref);
      if (place) goTo(place.series, place.image);
    },
    step: (by: number) => goTo(series, index + by),
    first: () => goTo(series, 0),
    last: () => goTo(series, stack.length - 1),
    stepSeries: (by: number) => {
      const to = study?.series[series + by];
      if (to) goTo(series + by, remembered[to.id]?.image ?? 0);
    },
    retry: () => {
      if (wanted) void load(wanted);
    },
    stopLoading: () => {
      if (!loading) return;
      request.abort();
      fail(new AppError('cancelled', 'Loading was stopped. Try again when you want to see this image.'));
    },
    cachedImage: (ref: ImageRef) => loader.cached(ref),

    usePreset: (number: number) => {
      const preset = presets[number - 1];
      if (preset) chosenVoi = number === 1 ? null : preset.voi;
    },
    setVoi: (next: Voi) => {
      if (voi) chosenVoi = next;
    },
    dragWindow: (dx: number, dy: number) => {
      if (shown && voi) chosenVoi = draggedWindow(shown.place.header, range, voi, dx, dy);
    },
    toggleInvert: () => (invert = !invert),
    toggleSharp: () => (sharp = !sharp),

    fit: () => changeView((shape) => views.fitted(view, shape, canvas)),
    oneToOne: () => changeView((shape) => views.oneToOne(view, shape, canvas)),
    /** `at` is a point of the canvas in device pixels; without one, its middle. */
    zoom: (factor: number, at: Point = { x: canvas.width / 2, y: canvas.height / 2 }) =>
      changeView((shape) => views.zoomed(view, shape, canvas, factor, at)),
    /** By device pixels. */
    pan: (by: Point) => changeView((shape) => views.panned(view, shape, canvas, by)),
    turn: (quarters: 1 | -1) => changeView((shape) => views.turned(view, shape, canvas, quarters)),
    flip: (axis: 'h' | 'v') => changeView((shape) => views.flipped(view, shape, canvas, axis)),
    /** Window, zoom, turns and inversion as the file has them. */
    reset: () => {
      chosenVoi = null;
      invert = false;
      changeView((shape) => views.fitted(views.upright, shape, canvas));
    },

    setTool: (next: Tool) => {
      rulers.cancel();
      tool = next;
    },
    removeRuler: () => shown && rulers.remove(shown.image.imageId),
    /** What the last ruler on this image says, as a sentence; '' without one. */
    measured: () => {
      const ruler = shown && rulers.of(shown.image.imageId).at(-1);
      return shown && ruler ? rulerSentence(ruler, spacingOf(shown.place.header)) : '';
    },
    setAiHidden: (hidden: boolean) => (aiHidden = hidden),
    toggleAi: () => (aiHidden = !aiHidden),
    toggleText: () => (textHidden = !textHidden),
    toggleGraphics: () => (graphicsHidden = !graphicsHidden),
    setOpacity: (next: number) => (opacity = Math.round(100 * Math.min(LARGEST_OPACITY, Math.max(0, next))) / 100),

    /** The stage says how large its canvas is … */
    setCanvas: (next: CanvasSize) => {
      const change = next.ratio / canvas.ratio;
      canvas = next;
      changeView((shape) => views.resized(view, shape, canvas, change));
    },
    /** … and what it drew. */
    setDrawn: (next: { affine: Affine; imageId: string } | null) => (drawn = next),
  };
}

function nameOf(place: StackImage, count: number): string {
  const what = [place.header.modality, place.header.viewPosition].filter(Boolean).join(' ');
  return count > 1 ? `${what || 'Image'}, image ${place.index + 1} of ${count}` : what || 'Image';
}
