/** An ONNX Runtime session on one provider, with the options that this product wants. */
import os from 'node:os';
import * as ort from 'onnxruntime-node';
import type { Provider } from '#core/findings/findings.ts';

export interface Outputs {
  /** Empty where the graph has none. */
  logits: Float32Array;
  /** [labels or masks, mapRows, mapColumns]; empty where the graph has none. */
  maps: Float32Array;
  mapRows: number;
  mapColumns: number;
}

export interface ModelSession {
  /** `tensor` is [1, channels, rows, columns]. Blocks this process's thread while it runs. */
  run(tensor: Float32Array): Promise<Outputs>;
  /** Ends the profile that began with the session; further runs are not profiled. */
  endProfiling(): void;
  release(): Promise<void>;
}

export interface SessionSpec {
  weights: Uint8Array;
  provider: Provider;
  input: { name: string; channels: number; rows: number; columns: number };
  /** Names; '' where the graph has none. Maps are either of labels (cam) or masks. */
  outputs: { logits: string; cam: string; masks: string };
  labels: number;
  masks: number;
  profilePrefix: string;
}

export const runtimeVersion = `onnxruntime-node ${ort.env.versions.node ?? ort.env.versions.common}`;

/**
 * Names one provider only: of a list, ONNX Runtime silently drops what its build does not have. Nodes that the
 * provider cannot run still fall to the processor one by one; the profile tells.
 */
export async function openSession(spec: SessionSpec): Promise<ModelSession> {
  const directMl = spec.provider === 'dml';
  const session = await ort.InferenceSession.create(spec.weights, {
    executionProviders: [spec.provider],
    executionMode: 'sequential',
    enableMemPattern: !directMl,
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads(os.availableParallelism()),
    extra: QUIET,
    enableProfiling: true,
    profileFilePrefix: spec.profilePrefix,
    logSeverityLevel: 3,
  });
  const shape = [1, spec.input.channels, spec.input.rows, spec.input.columns];
  const { logits: logitsName, cam, masks } = spec.outputs;
  const mapsName = masks || cam;
  const names = [logitsName, mapsName].filter((name) => name !== '');
  return {
    async run(tensor) {
      const outputs = await session.run({ [spec.input.name]: new ort.Tensor('float32', tensor, shape) }, names);
      const read = (name: string, expected: (number | null)[]) =>
        name === '' ? { data: new Float32Array(), dims: [] } : floats(outputs[name], name, expected);
      const logits = read(logitsName, [1, spec.labels]);
      const maps = read(mapsName, [1, masks ? spec.masks : spec.labels, null, null]);
      return { logits: logits.data, maps: maps.data, mapRows: maps.dims[2] ?? 0, mapColumns: maps.dims[3] ?? 0 };
    },
    endProfiling: () => session.endProfiling(),
    release: () => session.release(),
  };
}

/**
 * Threads that have nothing to do sleep. Else each session's threads go on spinning after a run (30 ms were seen) and
 * hold the processors that the next pack, the backend and the window need then: with three sessions on two cores that
 * makes runs two to three times slower.
 */
const QUIET = { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } };

/** Few threads: all; many: one for each physical core, taking two threads a core, at most 16. */
export const threads = (logical: number): number =>
  logical <= 4 ? logical : Math.min(16, Math.max(4, Math.ceil(logical / 2)));

function floats(value: ort.OnnxValue | undefined, name: string, shape: (number | null)[]) {
  const tensor = value instanceof ort.Tensor ? value : undefined;
  const fits =
    tensor?.dims.length === shape.length &&
    shape.every((size, axis) => (size === null ? (tensor.dims[axis] ?? 0) > 0 : tensor.dims[axis] === size));
  if (!tensor || !fits || !(tensor.data instanceof Float32Array))
    throw new TypeError(
      `expected output ${name} as float32 [${shape.map((size) => size ?? '?').join(', ')}], found ${tensor ? `${tensor.type} [${tensor.dims.join(', ')}]` : 'none'}`,
    );
  if (!tensor.data.every(Number.isFinite)) throw new TypeError(`expected finite numbers in output ${name}`);
  return { data: tensor.data, dims: tensor.dims };
}
