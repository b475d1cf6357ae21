/** Model files of PyTorch, ONNX, TensorFlow and MLIR as einsum programs with their operands. */
import {
  constantsToRead,
  type EinsumProgram,
  type RaisedModel,
  raisedOperand,
  raiseModel,
} from "@millrace/fuseflow-sparse";
import { type ModelGraph, normalise, readWeight, symbolsOfSize } from "@millrace/model-import";
import type { CoordinateList } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { withModel } from "../inputs/load-model.ts";
import { type OperandUse, readOperands } from "../inputs/operands.ts";
import { enumeration } from "../terminal/wording.ts";
import type { LoadPlace, LoadRequest } from "./load-model.ts";
import { refuseSizes } from "./refuse-sizes.ts";

/** Operands with at most this share of entries are proposed to be stored compressed. */
const SPARSE = 0.5;

/**
 * Reads a model file, its constants, and the inputs that are given.
 *
 * @throws {ModelError} for a file that cannot be read
 * @throws {FuseflowError} `model-unsupported` for an operation that has no graph
 */
export async function readModelFile(
  name: string,
  request: LoadRequest,
  place: LoadPlace,
): Promise<{ readonly program: EinsumProgram; readonly constants: Readonly<Record<string, CoordinateList>> }> {
  place.begin(`reading ${name}`);
  return withModel(place.folder, name, request, (graph) => raisedFile(graph, request, place));
}

async function raisedFile(read: ModelGraph, request: LoadRequest, place: LoadPlace): ReturnType<typeof readModelFile> {
  refuseSizes(request.sizes, openSizes(read), read.name);
  const lists = await inputLists(read, request, place);
  const graph = withShapes(read, lists);
  const sizes = sizesOf(graph, lists, request.sizes);
  const uniform = new Map<string, number>();
  const toRead = new Set(constantsToRead(graph));
  for (const [value, { weight }] of graph.params) {
    if (weight === undefined) continue;
    const { shape, values } = await readWeight(weight);
    lists.set(value, entriesOf(shape, values));
    const [first] = values;
    if (toRead.has(value) && first !== undefined && values.every((each) => each === first)) uniform.set(value, first);
  }
  const raised = raiseModel(graph, { sizes, uniform });
  return { program: withProposedFormats(raised, lists), constants: operandsOf(raised, lists) };
}

/** What is given for the inputs of a model, and for weights that did not come with it, by the name of their value. */
export async function inputLists(
  graph: ModelGraph,
  { inputs, seed, run, sizes }: Omit<LoadRequest, "formats">,
  place: Pick<LoadPlace, "folder" | "reading">,
): Promise<Map<string, CoordinateList>> {
  if (inputs.size === 0 && !run) return new Map();
  const absent = [...graph.params].filter(([, { weight }]) => weight === undefined);
  const given = new Map([
    ...graph.inputs.map((value, at): [string, string] => [graph.inputNames[at] ?? value, value]),
    ...absent.map(([value, { name }]): [string, string] => [name, value]),
  ]);
  const uses = [...given].map(([name, value]): OperandUse => {
    const shape = graph.values.get(value)?.shape;
    if (shape === undefined) return { name, indices: null };
    return {
      name,
      indices: shape.map((size) => (typeof size === "object" && "symbol" in size ? size.symbol : "")),
      extents: shape.map((size) => (typeof size === "number" ? size : undefined)),
    };
  });
  const lists = await readOperands(uses, inputs, { folder: place.folder, seed, reading: place.reading, sizes });
  return new Map([...given].map(([name, value]) => [value, lists[name]!]));
}

/** The graph with the shapes of inputs of which the file says nothing, as traces of PyTorch do, and what follows from them. */
function withShapes(graph: ModelGraph, lists: ReadonlyMap<string, CoordinateList>): ModelGraph {
  const values = new Map(graph.values);
  for (const [name, { shape }] of lists) {
    const value = values.get(name);
    if (value !== undefined && value.shape === undefined) values.set(name, { ...value, shape });
  }
  return lists.size === 0 ? graph : normalise({ ...graph, values });
}

/** Names of the sizes that the inputs of a model leave open. */
function openSizes(graph: ModelGraph): readonly string[] {
  return [...new Set(graph.inputs.flatMap((input) => (graph.values.get(input)?.shape ?? []).flatMap(symbolsOfSize)))];
}

/** Values of symbolic sizes, as given and from the shapes of the inputs. */
function sizesOf(
  graph: ModelGraph,
  lists: ReadonlyMap<string, CoordinateList>,
  given: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const sizes = new Map(given);
  for (const input of graph.inputs) {
    const list = lists.get(input);
    for (const [mode, size] of (graph.values.get(input)?.shape ?? []).entries()) {
      if (list !== undefined && typeof size === "object" && "symbol" in size) sizes.set(size.symbol, list.shape[mode]!);
    }
  }
  const open = openSizes(graph).filter((name) => !sizes.has(name));
  if (open.length === 0) return sizes;
  throw new MillraceError("argument", `${graph.name} leaves ${enumeration(open)} open`, {
    help: `give its inputs with -i, or --dims ${open.map((name) => `${name}=N`).join(",")}`,
  });
}

function entriesOf(shape: readonly number[], values: Float64Array): CoordinateList {
  const places = [...values.keys()].filter((place) => values[place] !== 0);
  const coordinates = shape.map((extent, mode) => {
    const stride = shape.slice(mode + 1).reduce((product, each) => product * each, 1);
    return Int32Array.from(places, (place) => Math.floor(place / stride) % extent);
  });
  return {
    shape: [...shape],
    coordinates,
    valueType: "float64",
    values: Float64Array.from(places, (place) => values[place]!),
  };
}

function operandsOf(
  { operands }: RaisedModel,
  lists: ReadonlyMap<string, CoordinateList>,
): Readonly<Record<string, CoordinateList>> {
  return Object.fromEntries(
    operands.flatMap((operand) => {
      const list = lists.get(operand.source.from);
      return list === undefined ? [] : [[operand.name, raisedOperand(operand, list)]];
    }),
  );
}

/** Of inputs and constants of which the model does not say, those with few entries are stored compressed, the others dense. */
function withProposedFormats(
  { program, operands }: RaisedModel,
  lists: ReadonlyMap<string, CoordinateList>,
): EinsumProgram {
  const sparse = new Set(
    operands.flatMap(({ name, shape, source, format }) => {
      if (format !== undefined) return [];
      const list = lists.get(source.from);
      const places = shape.reduce((product, extent) => product * extent, 1);
      return list !== undefined && list.values.length <= SPARSE * places ? [name] : [];
    }),
  );
  const inputs = program.inputs.map((input) =>
    sparse.has(input.name) ? { ...input, format: "s".repeat(input.shape.length) } : input,
  );
  return { ...program, inputs };
}
