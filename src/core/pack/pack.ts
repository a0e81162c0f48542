/** The schema of `pack.json`: everything the product must know about a model, as data. */
import * as z from 'zod';

/** A path inside the pack's folder: forward slashes, never absolute, never upwards. */
export const PackPath = z
  .string()
  .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), {
    error: 'expected a path inside the pack',
  });

export const PackFile = z.object({
  path: PackPath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A measured figure with its 95 % interval. */
export const Interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof Interval>;

/**
 * How stored pixel values become the model's input, as data (see `core/imaging/preprocess`):
 * modality LUT, the file's own VOI to [0,1] as MONOCHROME2, standard pose, area resampling into a
 * letterbox of `columns` × `rows`, quantile clip over the film's area to [0,1], padding 0,
 * then (v − mean) / std for each channel (grey is repeated). `fit` and `filter` say where a model wants it otherwise.
 */
export const PackInput = z.object({
  name: z.string(),
  channels: z.union([z.literal(1), z.literal(3)]),
  rows: z.int().min(1).max(4096),
  columns: z.int().min(1).max(4096),
  clip: z.object({ low: z.number().min(0).max(1), high: z.number().min(0).max(1) }).nullable(),
  mean: z.array(z.number()).min(1).max(3),
  std: z.array(z.number().positive()).min(1).max(3),
  /** `crop`: the middle of the film, as large as fits the aspect of the input, fills it; nothing is padded. */
  fit: z.enum(['letterbox', 'crop']).optional(),
  /**
   * `gaussian`: linear between pixel centres after a Gaussian of (shrinking − 1) / 2 pixels, beyond the edges the first
   * channel's `mean`, held to the values that occur: `skimage.transform.resize` of what is normalised.
   */
  filter: z.enum(['area', 'gaussian']).optional(),
});
export type PackInput = z.infer<typeof PackInput>;

/** One thing that the model was trained to find, with what was measured about it. */
export const PackLabel = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1),
  /** Shown to the reader at all. A label that did not pass its bar is in the graph but never on screen. */
  listed: z.boolean(),
  /**
   * probability = sigmoid(slope · logit + intercept). With a `pivot` it is then bent in two straight parts so that the
   * pivot becomes one half (TorchXRayVision's normalisation by operating point): no calibration, and the card says so.
   */
  calibration: z.object({ slope: z.number(), intercept: z.number(), pivot: z.number().gt(0).lt(1).optional() }),
  /** Operating point on the calibrated probability. */
  threshold: z.number().min(0).max(1),
  /** Share of positives among the films it was calibrated on. */
  prevalence: z.number().min(0).max(1),
  positives: z.int().nonnegative(),
  auc: Interval,
  sensitivity: Interval,
  specificity: Interval,
  /** Expected calibration error, in probability. */
  calibrationError: z.number().min(0).max(1),
});
export type PackLabel = z.infer<typeof PackLabel>;

/** One thing that an anatomy pack draws, with how well its mask covered the annotators'. */
export const PackMask = z.object({
  id: z.enum(['right-lung', 'left-lung', 'cardiomediastinum', 'lung-opacity']),
  name: z.string().min(1),
  /** Dice coefficient on films that the network never saw. */
  dice: Interval,
  /** Films that it was measured on. */
  films: z.int().nonnegative(),
});
export type PackMask = z.infer<typeof PackMask>;

/** How far the cardiothoracic ratio taken from the masks was from the annotators', on films never seen. */
export const PackRatio = z.object({
  /** Mean and 95th percentile of the absolute difference, and the mean difference with its sign. */
  meanError: z.number().nonnegative(),
  p95Error: z.number().nonnegative(),
  bias: z.number(),
  films: z.int().nonnegative(),
});
export type PackRatio = z.infer<typeof PackRatio>;

/** How well places that a pack draws were those of a person's boxes, on films that its networks never saw. */
export const PackPlace = z.object({
  /** Label whose boxes they were. */
  finding: z.string().min(1),
  /** What draws the place: the finding's map, or a mask of this anatomy pack. */
  by: z.enum(['saliency', 'lung-opacity']),
  /** The anatomy pack whose lungs it was measured with, where that is another pack. */
  beside: z.object({ id: z.string(), version: z.string() }).nullable().default(null),
  /** Films on which a place could be named. */
  films: z.int().nonnegative(),
  /** Share of them on which the side was right: right, left or both. */
  side: Interval,
  /** Share of them on which every zone that was named holds a part of a box. */
  zones: Interval,
  /** How far the share of the lungs that it covers was from the annotators'; null where nobody measured it. */
  extent: z.object({ meanError: z.number(), p95Error: z.number(), films: z.int() }).nullable().default(null),
});
export type PackPlace = z.infer<typeof PackPlace>;

/** One kind of input that a gate tells apart, with what was measured on inputs of that kind that it never saw. */
export const PackKind = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1),
  /** Let through; every other kind is refused by its name. */
  accepted: z.boolean(),
  inputs: z.int().nonnegative(),
  refused: Interval,
  /** Of all inputs of the kind: refused (or let through) under its own name. */
  named: Interval,
});
export type PackKind = z.infer<typeof PackKind>;

/** What a gate pack decides by: softmax over `kinds`; let through where the accepted kinds together reach `threshold`. */
export const PackGate = z.object({
  /** In the order of the graph's logits. */
  kinds: z.array(PackKind).min(2),
  threshold: z.number().min(0).max(1),
  /** Valid films that were refused, source by source. */
  refusedOfValid: z.array(z.object({ source: z.string(), films: z.int().positive(), refused: Interval })),
});
export type PackGate = z.infer<typeof PackGate>;

export const PackGolden = z.object({
  /** An 8-bit grey PNG, read as MONOCHROME2 in the standard pose with square pixels. */
  input: PackPath,
  /** One number for each label (of a gate: each kind), in their order. */
  logits: z.array(z.number()).default([]),
  /** Of an anatomy pack: [mask, row, column, probability] at places of the masks' grid. */
  samples: z.array(z.tuple([z.int(), z.int(), z.int(), z.number()])).default([]),
  /** Largest difference from `logits` or `samples` that still passes, by provider. */
  tolerance: z.object({ cpu: z.number().positive(), other: z.number().positive() }),
});

export const Pack = z.object({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,63}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  name: z.string().min(1),
  /** One sentence for the reader. */
  summary: z.string(),
  /** `evaluation`: every source allows it. `research`: some source does not; said wherever output is shown. */
  use: z.enum(['evaluation', 'research', 'test']),
  licence: z.string(),
  task: z.enum(['findings', 'anatomy', 'gate', 'identity']),
  accepts: z.object({
    modalities: z.array(z.string()).min(1),
    /** Accepted BodyPartExamined; an empty one in the header is accepted when '' is listed. */
    bodyParts: z.array(z.string()).min(1),
    /** Accepted ViewPosition; likewise. */
    views: z.array(z.string()).min(1),
    minAgeYears: z.number().nonnegative(),
  }),
  input: PackInput,
  graph: z.object({
    weights: PackPath,
    opset: z.int(),
    /** Names of outputs; '' where the graph has none. [1, labels] */
    logits: z.string().default(''),
    /** [1, labels, h, w]: class activation maps before any normalisation. */
    cam: z.string().default(''),
    /** [1, masks, h, w]: the probability that a cell belongs to each mask; they may overlap. */
    masks: z.string().default(''),
  }),
  labels: z.array(PackLabel).default([]),
  /** Of an anatomy pack, in the order of the graph's channels. */
  masks: z.array(PackMask).default([]),
  ratio: PackRatio.nullable().default(null),
  /** Of findings and anatomy packs. Where there is no entry, no side, zone or extent is ever named. */
  places: z.array(PackPlace).default([]),
  /** Of a gate pack. */
  gate: PackGate.nullable().default(null),
  files: z.array(PackFile).min(1),
  golden: z.array(PackGolden).min(1),
});
export type Pack = z.infer<typeof Pack>;

/** What each number of the graph's logits stands for. */
export const logitIds = ({ labels, gate }: Pick<Pack, 'labels' | 'gate'>): string[] =>
  (gate ? gate.kinds : labels).map(({ id }) => id);
