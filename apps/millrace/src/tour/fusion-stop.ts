/** The stop of the tour on fusion: a GCN whose layers come from an exported PyTorch model, at four granularities. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  chooseFusion,
  compileProgram,
  type EinsumProgram,
  type ProgramExpression,
  type ProgramRun,
  type ProgramStatement,
  type RegionSchedule,
  raiseModel,
  type SimulateProgramOptions,
  simulateProgram,
  storedTensor,
} from "@millrace/fuseflow-sparse";
import { importModel, normalise } from "@millrace/model-import";
import { type CoordinateList, pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { checkModel } from "../fuse/run-model.ts";
import type { TourTensors } from "./tour-tensors.ts";

/** The GCN at one granularity. */
export interface FusionRun {
  readonly variant: string;
  readonly regions: number;
  readonly cycles: number;
  readonly flops: number;
  readonly bytes: number;
  /** Values compared with the dense reference, how many of them differ, and by how much at most. */
  readonly compared: number;
  readonly differing: number;
  readonly largestError: number;
}

/** What the stop shows, in a sentence or two. */
export const fusionAbout: string =
  "A graph convolutional network of two layers. The layer is read from an archive of torch.export with symbolic sizes, and used twice, with ReLU between and softmax behind. It multiplies by the weights before it multiplies by the graph, so that whatever is fused across the product with the graph is computed again for every neighbour: fusing layer by layer does more work than it saves, and fusing everything most of all. The last row leaves the choice to estimates and a few simulations, which end regions before the products with the graph.";

const HIDDEN = 8;

/** Runs the model on the tour's graph and features; `begin` is told before each. */
export async function runFusions(
  { A, C }: TourTensors,
  {
    seed,
    simulate,
    begin,
  }: { readonly seed: number; readonly simulate: SimulateProgramOptions; readonly begin: (variant: string) => void },
): Promise<readonly FusionRun[]> {
  const [nodes, words] = [A!.list.shape[0]!, C!.list.shape[1]!];
  const layer = await exportedLayer(nodes, words);
  const { program, first } = twoLayers(layer, nodes, words);
  const part = uniformTensor({ shape: [words, HIDDEN], entries: words * HIDDEN, seed: seed + 7, values: "quarters" });
  const next = uniformTensor({ shape: [HIDDEN, HIDDEN], entries: HIDDEN * HIDDEN, seed: seed + 8, values: "quarters" });
  const operands: Record<string, Tensor> = {
    A: stored(A!.list, "ds"),
    X: stored(C!.list, "ds"),
    W1: stored(part, "dd"),
    W2: stored(next, "dd"),
  };
  const tensors = program.statements.map(({ tensor }) => tensor);
  const divisions: Readonly<Record<string, readonly RegionSchedule[]>> = {
    unfused: tensors.map((tensor) => ({ name: tensor, tensors: [tensor] })),
    partial: [
      { name: "layer1", tensors: tensors.slice(0, first) },
      { name: "layer2", tensors: tensors.slice(first) },
    ],
    full: [{ name: "model", tensors }],
  };
  const facts = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  const runs: FusionRun[] = [];
  for (const [variant, regions] of Object.entries(divisions)) {
    begin(variant);
    const compiled = compileProgram(program, { schedule: { regions }, stored: facts });
    runs.push(described(variant, program, operands, simulateProgram(compiled, operands, simulate)));
  }
  begin("chosen");
  const { chosen } = chooseFusion(program, operands, { stored: facts, candidates: divisions, simulate });
  runs.push(described("chosen", program, operands, chosen.run));
  return runs;
}

function stored(list: CoordinateList, format: string): Tensor {
  return pack(list, parseFormat(format, list.shape.length), { valueType: "float64" });
}

function described(
  variant: string,
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
  run: ProgramRun,
): FusionRun {
  const check = checkModel({ program, granularities: {}, operands }, run);
  const total = (of: (region: ProgramRun["regions"][number]) => number): number =>
    run.regions.reduce((sum, region) => sum + of(region), 0);
  const compared = program.outputs.reduce(
    (sum, name) => sum + run.tensors.get(name)!.shape.reduce((product, extent) => product * extent, 1),
    0,
  );
  return {
    variant,
    regions: run.regions.length,
    cycles: run.cycles,
    flops: total(({ flops }) => flops),
    bytes: total(({ bytes }) => bytes),
    compared,
    differing: check.passed === true ? 0 : compared,
    largestError: check.largestError,
  };
}

/** The exported layer as an einsum program, its symbolic sizes bound. */
async function exportedLayer(nodes: number, features: number): Promise<EinsumProgram> {
  const graph = normalise(await importModel(readFileSync(modelFile()), { name: "gcn-layer.pt2" }));
  const sizes = new Map<string, number>();
  for (const [at, input] of graph.inputs.entries()) {
    const given = graph.inputNames[at] === "A" ? [nodes, nodes] : graph.inputNames[at] === "X" ? [nodes, features] : [];
    for (const [mode, size] of (graph.values.get(input)?.shape ?? []).entries()) {
      if (typeof size === "object" && "symbol" in size && given[mode] !== undefined)
        sizes.set(size.symbol, given[mode]);
    }
  }
  return raiseModel(graph, { sizes }).program;
}

/** Two layers, and the number of statements of the first. */
function twoLayers(
  layer: EinsumProgram,
  nodes: number,
  words: number,
): { readonly program: EinsumProgram; readonly first: number } {
  const [result] = layer.outputs;
  const renamed = (suffix: string, names: Readonly<Record<string, string>>): ProgramStatement[] => {
    const own = new Map(layer.statements.map(({ tensor }) => [tensor, `${tensor}_${suffix}`]));
    const rename = (name: string): string => own.get(name) ?? names[name] ?? name;
    return layer.statements.map((statement) => ({
      ...statement,
      tensor: rename(statement.tensor),
      expression: withNames(statement.expression, rename),
    }));
  };
  const indices = ["i", "j"];
  const access = (tensor: string): ProgramExpression => ({ kind: "access", tensor, indices });
  const relu: ProgramStatement = {
    tensor: "hidden",
    indices,
    expression: { kind: "unary", operation: "relu", operand: access(`${result}_1`) },
  };
  const softmax: ProgramStatement = {
    tensor: "classes",
    indices,
    expression: { kind: "softmax", over: "j", operand: access(`${result}_2`) },
  };
  const one = [...renamed("1", { W: "W1" }), relu];
  const program: EinsumProgram = {
    name: "gcn",
    inputs: [
      { name: "A", shape: [nodes, nodes], format: "ds" },
      { name: "X", shape: [nodes, words], format: "ds" },
      { name: "W1", shape: [words, HIDDEN], format: "dd" },
      { name: "W2", shape: [HIDDEN, HIDDEN], format: "dd" },
    ],
    statements: [...one, ...renamed("2", { X: "hidden", W: "W2" }), softmax],
    outputs: ["classes"],
  };
  return { program, first: one.length };
}

function withNames(expression: ProgramExpression, rename: (name: string) => string): ProgramExpression {
  switch (expression.kind) {
    case "access":
      return { ...expression, tensor: rename(expression.tensor) };
    case "binary":
      return { ...expression, left: withNames(expression.left, rename), right: withNames(expression.right, rename) };
    default:
      return { ...expression, operand: withNames(expression.operand, rename) };
  }
}

// In a checkout the examples lie at the root of the workspace; a published package brings them along.
function modelFile(): string {
  const places = ["../../examples/models/gcn-layer.pt2", "../../../../examples/models/gcn-layer.pt2"];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new MillraceError("file-missing", "the example models are not installed");
}
