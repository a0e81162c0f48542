/** What an ONNX file asks of its reader, without loading it (field numbers: onnx.proto3 of ONNX 1.x). */
import { asciiOf, fieldsOf } from './protobuf.ts';

export interface GraphFacts {
  /** Version of each operator set that the file imports; the default domain is ''. */
  opsets: Record<string, number>;
  /** Domains of the operators that its nodes use. */
  domains: string[];
  /** A tensor's data lies in another file. */
  externalData: boolean;
  /** It brings operators made of other operators, or a training graph. */
  functions: boolean;
  training: boolean;
  inputs: string[];
  outputs: string[];
  nodes: number;
}

const MODEL = { graph: 7, opsetImport: 8, trainingInfo: 20, functions: 25 };
const OPSET = { domain: 1, version: 2 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 };
const NODE = { attribute: 5, domain: 7 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 };
const SPARSE = { values: 1, indices: 2 };
const TENSOR = { externalData: 13, dataLocation: 14 };
const VALUE_NAME = 1;

/** Graphs inside graphs (If, Loop) deeper than this are refused. */
const DEEPEST = 16;

/** Throws a RangeError for bytes that are no ONNX model. */
export function graphFactsOf(model: Uint8Array): GraphFacts {
  const facts: GraphFacts = {
    opsets: {},
    domains: [],
    externalData: false,
    functions: false,
    training: false,
    inputs: [],
    outputs: [],
    nodes: 0,
  };
  let graphs = 0;
  for (const { number, bytes } of fieldsOf(model)) {
    if (number === MODEL.opsetImport) readOpset(bytes, facts);
    if (number === MODEL.functions) facts.functions = true;
    if (number === MODEL.trainingInfo) facts.training = true;
    if (number === MODEL.graph) {
      graphs++;
      readGraph(bytes, facts, 0);
    }
  }
  if (graphs !== 1) throw new RangeError(`expected an ONNX model with one graph, found ${graphs}`);
  facts.domains = [...new Set(facts.domains)];
  return facts;
}

function readOpset(message: Uint8Array, facts: GraphFacts): void {
  let domain = '';
  let version = 0;
  for (const { number, value, bytes } of fieldsOf(message)) {
    if (number === OPSET.domain) domain = asciiOf(bytes);
    if (number === OPSET.version) version = value;
  }
  facts.opsets[domain] = version;
}

function readGraph(message: Uint8Array, facts: GraphFacts, depth: number): void {
  if (depth > DEEPEST) throw new RangeError(`expected graphs nested at most ${DEEPEST} deep`);
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === GRAPH.node) readNode(bytes, facts, depth);
    if (number === GRAPH.initializer) readTensor(bytes, facts);
    if (number === GRAPH.sparseInitializer) readSparse(bytes, facts);
    if (depth === 0 && number === GRAPH.input) facts.inputs.push(nameOf(bytes));
    if (depth === 0 && number === GRAPH.output) facts.outputs.push(nameOf(bytes));
  }
}

function readNode(message: Uint8Array, facts: GraphFacts, depth: number): void {
  facts.nodes++;
  let domain = '';
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === NODE.domain) domain = asciiOf(bytes);
    if (number === NODE.attribute)
      for (const inner of fieldsOf(bytes)) {
        if (inner.number === ATTRIBUTE.tensor || inner.number === ATTRIBUTE.tensors) readTensor(inner.bytes, facts);
        if (inner.number === ATTRIBUTE.graph || inner.number === ATTRIBUTE.graphs)
          readGraph(inner.bytes, facts, depth + 1);
        if (inner.number === ATTRIBUTE.sparseTensor || inner.number === ATTRIBUTE.sparseTensors)
          readSparse(inner.bytes, facts);
      }
  }
  facts.domains.push(domain);
}

function readSparse(message: Uint8Array, facts: GraphFacts): void {
  for (const { number, bytes } of fieldsOf(message))
    if (number === SPARSE.values || number === SPARSE.indices) readTensor(bytes, facts);
}

/** Either field says it: ONNX Runtime looks at `data_location`, other readers at `external_data`. */
function readTensor(message: Uint8Array, facts: GraphFacts): void {
  for (const { number, value } of fieldsOf(message))
    if (number === TENSOR.externalData || (number === TENSOR.dataLocation && value !== 0)) facts.externalData = true;
}

function nameOf(message: Uint8Array): string {
  for (const { number, bytes } of fieldsOf(message)) if (number === VALUE_NAME) return asciiOf(bytes);
  return '';
}
