/** Brings a pack to life: its rules, its hashes, its graph, a session on the first provider that passes the self-test. */
import { AppError } from '#contract/errors.ts';
import type { EngineChoice } from '#contract/calls.ts';
import type { CudaLibraries } from '#contract/engine.ts';
import type { EngineRun, Provider } from '#core/findings/findings.ts';
import { problemsOfGraph, problemsOfPack } from '#core/pack/check.ts';
import { graphFactsOf } from '#core/pack/onnx.ts';
import { logitIds, type Pack } from '#core/pack/pack.ts';
import { whyNotLoaded } from './cudaLibraries.ts';
import { readListed } from './files.ts';
import { nodesByProvider, profileFolder, ranOn } from './profile.ts';
import { fallbackNote, providersFor, SPOKEN, whyNot } from './providers.ts';
import { selfTest, type Golden } from './selfTest.ts';
import { openSession, runtimeVersion, type ModelSession } from './session.ts';

export interface LoadedPack {
  pack: Pack;
  session: ModelSession;
  run: EngineRun;
  /** Of the self-test's logits or masks from the golden ones. */
  largestDifference: number;
}

/** AppError `refused` names what is wrong with the pack. */
export async function loadPack(
  folder: string,
  pack: Pack,
  choice: EngineChoice,
  cuda: CudaLibraries,
): Promise<LoadedPack> {
  refuse(pack, problemsOfPack(pack));
  const weights = await readListed(folder, pack, pack.graph.weights);
  refuse(pack, graphProblems(weights, pack));
  const golden: Golden[] = [];
  for (const entry of pack.golden) golden.push({ ...entry, png: await readListed(folder, pack, entry.input) });

  const reasons: string[] = [];
  for (const provider of providersFor(choice, process.platform)) {
    if (provider === 'cuda' && cuda.refused !== '') {
      reasons.push(`${SPOKEN.cuda} is not used: ${cuda.refused}`);
      continue;
    }
    try {
      const loaded = await tryProvider(provider, pack, weights, golden);
      if (loaded.run.provider !== provider) reasons.push(fewNodes(provider, loaded.run.nodes));
      if (loaded.run.provider === 'cuda' && cuda.list !== '')
        loaded.run.runtime += `, CUDA libraries ${cuda.list.slice(0, 16)}`;
      return { ...loaded, run: { ...loaded.run, fallback: fallbackNote(reasons, loaded.run.provider) } };
    } catch (error) {
      if (provider === 'cpu') throw asRefusal(pack, error);
      reasons.push(
        error instanceof AppError
          ? `${SPOKEN[provider]} is not used: its results differ from the golden ones`
          : whyNot(provider, error, cuda.list === '' ? '' : whyNotLoaded()),
      );
    }
  }
  throw new AppError('engine-failed', 'expected at least one execution provider');
}

async function tryProvider(provider: Provider, pack: Pack, weights: Uint8Array, golden: Golden[]): Promise<LoadedPack> {
  const profile = await profileFolder();
  let session: ModelSession | null = null;
  try {
    session = await openSession({
      weights,
      provider,
      input: pack.input,
      outputs: pack.graph,
      labels: logitIds(pack).length,
      masks: pack.masks.length,
      profilePrefix: profile.prefix,
    });
    const largestDifference = await selfTest(session, pack, golden, provider);
    session.endProfiling();
    const nodes = nodesByProvider(await profile.read());
    const run = { provider: ranOn(nodes, provider), nodes, fallback: '', runtime: runtimeVersion };
    return { pack, session, run, largestDifference };
  } catch (error) {
    await session?.release();
    throw error;
  } finally {
    await profile.remove();
  }
}

function graphProblems(weights: Uint8Array, pack: Pack): string[] {
  try {
    return problemsOfGraph(graphFactsOf(weights), pack);
  } catch (error) {
    if (error instanceof RangeError) return [error.message];
    throw error;
  }
}

function refuse(pack: Pack, problems: string[]): void {
  if (problems.length > 0) throw new AppError('refused', `${pack.name}: ${problems.join('; ')}. The pack is not used.`);
}

/** On the processor there is nothing left to try: what ONNX Runtime says of the graph is the reason. */
function asRefusal(pack: Pack, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'an unknown error';
  return new AppError('refused', `${pack.name}: the model could not be run: ${said}. The pack is not used.`, {
    cause: error,
  });
}

function fewNodes(provider: Provider, nodes: Record<string, number>): string {
  const counts = Object.entries(nodes).map(([name, count]) => `${count} on ${name}`);
  return `${SPOKEN[provider]} was opened, but most nodes did not run on it (${counts.join(', ')})`;
}
