/** Finds pipelines: parts of a program that make of each tile of one stream one result, with weights of their own. */
import type { Program, ProgramNode, Stream } from "../program/program.ts";
import { firstDifference, rankOf } from "../stream/shape.ts";
import type { PassRemark } from "./pass.ts";
import { readersOf } from "./readers.ts";

/** A part of a program that depends on one stream alone, up to the last stream that has one element for each of its. */
export interface Pipeline {
  readonly head: Stream;
  /** Nodes in the order of the program; the last one makes `last`. */
  readonly nodes: readonly ProgramNode[];
  /** The loads among them: one sweep over a tensor of its own for each element of the head. */
  readonly loads: readonly ProgramNode[];
  readonly last: Stream;
}

/** The pipelines of a program that are alike, most of a kind first found; and what looks like one but is not. */
export function findPipelines(program: Program): {
  readonly pipelines: readonly Pipeline[];
  readonly left: readonly PassRemark[];
} {
  const readers = readersOf(program);
  const left: PassRemark[] = [];
  const kinds = new Map<string, Pipeline[]>();
  for (const head of headsOf(program)) {
    const pipeline = pipelineAt(program, head, readers);
    const fault =
      pipeline === undefined ? "no later stream has one element for each of its elements" : faultOf(program, pipeline);
    if (pipeline === undefined || fault !== undefined) left.push({ nodes: [head.node], text: fault! });
    else {
      const kind = signature(pipeline);
      kinds.set(kind, [...(kinds.get(kind) ?? []), pipeline]);
    }
  }
  const pipelines = [...kinds.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  return { pipelines, left };
}

/** Streams of rank 0 that linear loads take as reference. */
function headsOf(program: Program): Set<Stream> {
  const loads = program.nodes.filter(({ operator, inputs }) => operator.name === "linear-load" && inputs.length > 0);
  return new Set(loads.map(({ inputs }) => inputs[0]!).filter((stream) => rankOf(stream.shape) === 0));
}

function pipelineAt(
  program: Program,
  head: Stream,
  readers: (stream: Stream) => readonly ProgramNode[],
): Pipeline | undefined {
  const inside = new Set<Stream>([head]);
  const nodes: ProgramNode[] = [];
  let best: Pipeline | undefined;
  for (const node of program.nodes) {
    if (node.inputs.length === 0 || !node.inputs.every((stream) => inside.has(stream))) continue;
    nodes.push(node);
    for (const stream of node.outputs) inside.add(stream);
    if (!endsHere(program, head, nodes, readers)) continue;
    const loads = nodes.filter(({ operator }) => operator.name === "linear-load");
    best = { head, nodes: [...nodes], loads, last: node.outputs[0]! };
  }
  return best?.loads.length === 0 ? undefined : best;
}

/** Whether the last of `nodes` has one result for each element of the head, and is the only one that others read. */
function endsHere(
  program: Program,
  head: Stream,
  nodes: readonly ProgramNode[],
  readers: (stream: Stream) => readonly ProgramNode[],
): boolean {
  const last = nodes.at(-1)!;
  if (last.outputs.length !== 1) return false;
  const [shape, expected] = [program.typeOf(last.outputs[0]!).shape, program.typeOf(head).shape];
  if (shape.length !== expected.length || firstDifference(shape, expected) !== undefined) return false;
  const known = new Set(nodes);
  const own = (stream: Stream): boolean => readers(stream).every((reader) => known.has(reader));
  return own(head) && nodes.every((node) => node === last || node.outputs.every(own));
}

const harmless = new Set([
  "linear-load",
  "flatten",
  "promote",
  "repeat",
  "expand",
  "map",
  "accum",
  "scan",
  "zip",
  "broadcast",
]);

/** What forbids that several streams take turns in a pipeline, if anything does. */
function faultOf(program: Program, { head, nodes, loads }: Pipeline): string | undefined {
  for (const { operator, id, attributes, outputs } of nodes) {
    if (!harmless.has(operator.name)) return `"${id}" (${operator.name}) keeps something, or has an effect`;
    const folds = operator.name === "accum" || operator.name === "scan";
    const inner = folds ? rankOf(program.node(id)!.inputs[0]!.shape) : 0;
    if (folds && Number(attributes.rank) > inner - rankOf(head.shape)) return `"${id}" folds over several elements`;
    if (outputs.length > 1 && operator.name !== "broadcast") return `"${id}" has several outputs`;
  }
  const names = loads.map(({ attributes }) => attributes.tensor);
  const other = program.nodes.find((node) => !nodes.includes(node) && names.includes(node.attributes.tensor ?? ""));
  if (other !== undefined) return `"${other.id}" uses tensor '${String(other.attributes.tensor)}' as well`;
  return loads.map((load) => sweepFault(program, load)).find((fault) => fault !== undefined);
}

/** A sweep must run from the first tile of the tensor to the last, along one dimension. */
function sweepFault(program: Program, { id, attributes }: ProgramNode): string | undefined {
  const shape = attributes.shape as readonly number[];
  const stride = attributes.stride as readonly number[];
  const [rows, columns] = attributes.tile as readonly [number, number];
  const type = program.tensors.get(String(attributes.tensor))!;
  const tiles = (type.rows / rows) * (type.columns / columns);
  const long = shape.findIndex((size) => size > 1);
  const count = shape.reduce((product, size) => product * size, 1);
  const straight = shape.every((size, place) => size === 1 || (place === long && stride[place] === 1));
  if (straight && count === tiles && Number(attributes.base ?? 0) === 0) return undefined;
  return `"${id}" does not read tensor '${String(attributes.tensor)}' from its first tile to its last`;
}

/** What two pipelines have in common if they differ only in ids and tensors. */
function signature({ head, nodes }: Pipeline): string {
  const places = new Map<Stream, string>([[head, "head"]]);
  const lines = nodes.map((node, place) => {
    for (const [port, stream] of node.outputs.entries()) places.set(stream, `${place}:${port}`);
    const { tensor: _, ...attributes } = node.attributes;
    return `${node.operator.name}(${node.inputs.map((stream) => places.get(stream)).join()})${JSON.stringify(attributes)}`;
  });
  return lines.join("\n");
}
