/** Rules that a pack must keep before it is loaded, beyond the form of `pack.json`. */
import type { GraphFacts } from './onnx.ts';
import { logitIds, type Pack, type PackGate } from './pack.ts';

/** DirectML runs operator sets up to this one. */
export const HIGHEST_OPSET = 20;

/** What is wrong with a pack's description, each as expected / found; empty when nothing is. */
export function problemsOfPack(pack: Pack): string[] {
  const problems: string[] = [];
  const rule = (kept: boolean, problem: string) => {
    if (!kept) problems.push(problem);
  };
  const listed = new Set(pack.files.map(({ path }) => path));
  rule(listed.size === pack.files.length, 'expected each file to be listed once');
  for (const path of ['CARD.md', pack.graph.weights, ...pack.golden.map(({ input }) => input)])
    rule(listed.has(path), `expected ${path} among the listed files with its SHA-256`);
  rule(pack.graph.weights.endsWith('.onnx'), `expected weights in an .onnx file, found ${pack.graph.weights}`);
  rule(pack.graph.opset <= HIGHEST_OPSET, `expected operator set ${HIGHEST_OPSET} or lower, found ${pack.graph.opset}`);
  rule(new Set(pack.labels.map(({ id }) => id)).size === pack.labels.length, 'expected each label once');
  const outputs = pack.graph;
  if (pack.task === 'anatomy') {
    rule(
      outputs.masks !== '' && outputs.logits === '' && outputs.cam === '',
      'expected an anatomy pack to name masks as its output, and no other',
    );
    rule(pack.masks.length > 0 && pack.labels.length === 0, 'expected an anatomy pack to have masks, and no labels');
    rule(new Set(pack.masks.map(({ id }) => id)).size === pack.masks.length, 'expected each mask once');
    rule(
      pack.golden.every(({ samples }) => samples.length > 0),
      'expected golden samples of the masks for each golden input',
    );
  } else {
    rule(outputs.masks === '' && pack.masks.length === 0, `expected no masks in a pack for ${pack.task}`);
    rule(
      outputs.logits !== '' && (outputs.cam !== '' || pack.task !== 'findings'),
      'expected the names of logits and maps',
    );
    const gate = pack.task === 'gate';
    rule((pack.gate !== null) === gate, `expected kinds and a threshold in a gate pack, and in no other`);
    rule(gate ? pack.labels.length === 0 : pack.labels.length > 0, 'expected at least one label, but none in a gate');
    if (pack.gate) rulesOfGate(pack.gate, rule);
  }
  const numbers = logitIds(pack);
  for (const { input, logits } of pack.golden)
    rule(
      logits.length === numbers.length,
      `expected ${numbers.length} golden logits for ${input}, found ${logits.length}`,
    );
  const { channels, mean, std, clip } = pack.input;
  rule(
    mean.length === channels && std.length === channels,
    `expected mean and std for ${channels} channels, found ${mean.length} and ${std.length}`,
  );
  rule(clip === null || clip.low < clip.high, 'expected a clip with low below high');
  return problems;
}

function rulesOfGate({ kinds }: PackGate, rule: (kept: boolean, problem: string) => void): void {
  rule(new Set(kinds.map(({ id }) => id)).size === kinds.length, 'expected each kind once');
  const accepted = kinds.filter((kind) => kind.accepted).length;
  rule(accepted > 0 && accepted < kinds.length, 'expected some kinds that are let through and some that are refused');
}

/** What in the graph itself is refused, or contradicts its pack. */
export function problemsOfGraph(graph: GraphFacts, pack: Pack): string[] {
  const problems: string[] = [];
  const rule = (kept: boolean, problem: string) => {
    if (!kept) problems.push(problem);
  };
  const foreign = [...new Set([...Object.keys(graph.opsets), ...graph.domains])].filter(
    (domain) => !isStandard(domain),
  );
  rule(foreign.length === 0, `expected only operators of ONNX itself, found the domain ${foreign.join(', ')}`);
  rule(!graph.externalData, 'expected all weights inside the file, found external data');
  rule(!graph.functions, 'expected no functions of the model’s own');
  rule(!graph.training, 'expected no training graph');
  const opset = graph.opsets[''] ?? graph.opsets['ai.onnx'];
  rule(
    opset === pack.graph.opset,
    `expected operator set ${pack.graph.opset} as pack.json says, found ${opset ?? 'none'}`,
  );
  rule(graph.inputs.includes(pack.input.name), `expected an input named ${pack.input.name}`);
  for (const name of [pack.graph.logits, pack.graph.cam, pack.graph.masks].filter((output) => output !== ''))
    rule(graph.outputs.includes(name), `expected an output named ${name}`);
  return problems;
}

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx';
