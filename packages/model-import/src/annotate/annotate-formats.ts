/** Storage formats for the tensors of a model: as the user says, or as counted zeros suggest. */
import {
  blockFormat,
  csfFormat,
  csr,
  dcsr,
  denseFormat,
  formatName,
  parseFormat,
  printFormat,
  type TensorFormat,
} from "@millrace/tensor";
import { ModelError } from "../errors.ts";
import { bindInputs, type ModelInputs } from "../evaluate/bind-inputs.ts";
import { type ModelTensor, readWeight } from "../evaluate/model-tensor.ts";
import type { ModelGraph } from "../graph/model-graph.ts";
import { elementCount } from "../graph/weight.ts";
import { countZeros, type ZeroFacts } from "./count-zeros.ts";

/** A format for one tensor, with the counts that speak for it. */
export interface FormatProposal {
  /** What the caller calls the input or parameter. */
  readonly name: string;
  /** Its value in the graph. */
  readonly value: string;
  readonly shape: readonly number[];
  readonly facts: ZeroFacts;
  readonly format: TensorFormat;
  /** One sentence. */
  readonly reason: string;
}

/** From this share of non-zeros on, compressed levels cost more than they save. */
const denseFrom = 0.5;
/** From this share of empty rows on, rows are compressed too. */
const emptyRowsFrom = 0.5;
/** Blocks must be at least this full on average. */
const blockFill = 0.75;
/** Above this share even full blocks save too little. */
const blockedBelow = 0.9;
/** Larger tensors are not read to be counted. */
const mostElements = 2 ** 26;

/**
 * The graph with formats on its inputs and parameters, by the caller's names or by value names.
 *
 * @throws {ModelError} `format-annotation` for a name that the model does not have
 * @throws {DiagnosticError} for a format that cannot be read
 */
export function annotateFormats(
  graph: ModelGraph,
  formats: Readonly<Record<string, TensorFormat | string>>,
): ModelGraph {
  const values = new Map(graph.values);
  for (const [name, given] of Object.entries(formats)) {
    const value = valueNamed(graph, name);
    const held = value === undefined ? undefined : values.get(value);
    if (value === undefined || held === undefined) {
      const known = [...graph.inputNames, ...[...graph.params.values()].map((param) => param.name)];
      throw new ModelError("format-annotation", `the model has no tensor ${name} to store`, {
        place: { file: graph.source.file },
        help: `it has ${known.join(", ")}`,
      });
    }
    const format = typeof given === "string" ? parseFormat(given, held.shape?.length) : given;
    values.set(value, { ...held, format });
  }
  return { ...graph, values };
}

function valueNamed(graph: ModelGraph, name: string): string | undefined {
  const input = graph.inputNames.indexOf(name);
  if (input >= 0) return graph.inputs[input];
  for (const [value, param] of graph.params) if (param.name === name) return value;
  return graph.values.has(name) ? name : undefined;
}

/**
 * A format for every given input and every weight of rank 2 and more. What the model itself declares, and what was
 * annotated before, is left alone.
 *
 * @throws {ModelError} as {@link bindInputs} and {@link readWeight}
 */
export async function proposeFormats(graph: ModelGraph, inputs: ModelInputs): Promise<FormatProposal[]> {
  const { tensors } = bindInputs(graph, inputs);
  const proposals: FormatProposal[] = [];
  for (const [index, value] of graph.inputs.entries()) {
    const tensor = tensors.get(value);
    if (tensor !== undefined) propose(graph, { name: graph.inputNames[index] ?? value, value, tensor }, proposals);
  }
  for (const [value, { name, weight }] of graph.params) {
    const countable = weight !== undefined && weight.sparse === undefined && elementCount(weight.shape) <= mostElements;
    if (countable && weight.dtype !== "string")
      propose(graph, { name, value, tensor: await readWeight(weight) }, proposals);
  }
  return proposals;
}

function propose(
  graph: ModelGraph,
  given: { name: string; value: string; tensor: ModelTensor },
  into: FormatProposal[],
): void {
  const { name, value, tensor } = given;
  if (tensor.shape.length < 2 || graph.values.get(value)?.format !== undefined) return;
  const facts = countZeros(tensor);
  into.push({ name, value, shape: tensor.shape, facts, ...choose(tensor.shape, facts) });
}

function choose(shape: readonly number[], facts: ZeroFacts): { format: TensorFormat; reason: string } {
  const share = `${(100 * facts.density).toPrecision(3)} % of its elements are not zero`;
  const blocked = facts.blockSize !== undefined && facts.blockFill >= blockFill && facts.density < blockedBelow;
  if (facts.density >= denseFrom && !blocked) return { format: denseFormat(shape.length), reason: share };
  if (shape.length > 2) return { format: csfFormat(shape.length), reason: share };
  if (blocked && facts.blockSize !== undefined) {
    const fill = `${facts.blockSize} x ${facts.blockSize} blocks are ${(100 * facts.blockFill).toPrecision(3)} % full`;
    return { format: blockFormat(csr, facts.blockSize, facts.blockSize), reason: `${share}, and its ${fill}` };
  }
  const empty = facts.emptyRows / Math.max(1, shape[0] ?? 1);
  if (empty >= emptyRowsFrom) return { format: dcsr, reason: `${share}, and ${facts.emptyRows} of its rows are empty` };
  return { format: csr, reason: share };
}

/** A format as people know it, such as `CSR`, or as `parseFormat` reads it. */
export function describeFormat(format: TensorFormat): string {
  return formatName(format) ?? printFormat(format);
}
