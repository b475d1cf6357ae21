/** Compiles a program region by region, each to one graph or, where results cannot be streamed, to several. */
import { FuseflowError } from "../errors.ts";
import type { FusedNode } from "../fuse/fused-node.ts";
import type { BrokenCycles, Transpose } from "../fuse/transposes.ts";
import { programExtents } from "../program/extents.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import { transposedStorage, transposeGraph } from "../region/transpose-graph.ts";
import type { FusionSchedule, RegionSchedule } from "../schedule/schedule.ts";
import {
  type CompiledKernel,
  compileRegion,
  lowerInSomeOrder,
  type PassObserver,
  type RegionContext,
  type RegionObstacle,
} from "./compile-region.ts";
import { refuseUnknownLoops } from "./refuse-unknown-loops.ts";
import { storedAs, storedName } from "./stored-tensor.ts";
import { planTiles, storedInTiles, tileSize } from "./tile-plan.ts";

/** A region compiled: its graphs in the order they run, and what was decided on the way. */
export interface CompiledRegion {
  readonly name: string;
  readonly kernels: readonly CompiledKernel[];
  /** Copies of tensors in another mode order, made before the region runs. */
  readonly transposes: readonly Transpose[];
  /** Results stored between graphs of the region, with the reason. */
  readonly materialised: readonly { readonly tensor: string; readonly reason: string }[];
}

/** A whole program compiled. */
export interface CompiledProgram {
  readonly program: EinsumProgram;
  readonly schedule: FusionSchedule;
  readonly regions: readonly CompiledRegion[];
  /** Storage of every input and stored result. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** What compilation knows beside the program. */
export interface CompileOptions {
  readonly schedule?: FusionSchedule;
  /** Storage of inputs, from their data; what is not listed is stored as the program says. */
  readonly stored?: ReadonlyMap<string, StoredTensor>;
  /** Whether scalar reductions may be told by coordinates which fibres there are. Default true. */
  readonly guides?: boolean;
  readonly observe?: PassObserver;
}

/** The regions of a program: those of its text, and every other statement alone. */
export function defaultRegions(program: EinsumProgram): readonly RegionSchedule[] {
  const regionOf = new Map(program.regions?.flatMap((region) => region.tensors.map((tensor) => [tensor, region])));
  const regions: RegionSchedule[] = [];
  for (const { tensor } of program.statements) {
    const region = regionOf.get(tensor);
    if (region === undefined) regions.push({ name: tensor, tensors: [tensor] });
    else if (region.tensors[0] === tensor) regions.push(region);
  }
  return regions;
}

/**
 * Compiles `program` under a schedule.
 *
 * @throws {FuseflowError} `program-unbound` while an extent is a name; `fusion-conflict` for a statement that has no graph
 *   even alone; `schedule-invalid` for a schedule that asks for what there is not
 */
export function compileProgram(program: EinsumProgram, options: CompileOptions = {}): CompiledProgram {
  const schedule = options.schedule ?? { regions: defaultRegions(program) };
  refuseUnbound(program);
  const tensors = storedInputs(program, schedule, options.stored);
  const regions = schedule.regions.map((region) =>
    compileOne(region, { program, options: { ...options, schedule }, tensors }),
  );
  return { program, schedule, regions, tensors };
}

/** What one region of a program is compiled with; `tensors` takes in what it stores. */
export interface OneRegion {
  readonly program: EinsumProgram;
  readonly options: CompileOptions;
  readonly tensors: Map<string, StoredTensor>;
}

/**
 * Compiles one region, given the storage of everything it reads.
 *
 * @throws {FuseflowError} `fusion-conflict`
 */
export function compileOne(region: RegionSchedule, { program, options, tensors }: OneRegion): CompiledRegion {
  const context: RegionContext = {
    program,
    tensors,
    locate: options.schedule?.locate ?? true,
    results: options.schedule?.results ?? "auto",
    guides: options.guides ?? true,
    observe: options.observe ?? (() => {}),
  };
  return new RegionCompiler(region, context, tensors).compile();
}

/** Storage of the inputs: as the schedule says, as their data are, or as the program says; in tiles where there are tiles. */
function storedInputs(
  program: EinsumProgram,
  schedule: FusionSchedule,
  known: ReadonlyMap<string, StoredTensor> = new Map(),
): Map<string, StoredTensor> {
  const inputs = new Map<string, StoredTensor>();
  for (const { name, shape, format } of program.inputs) {
    const asked = schedule.formats?.[name];
    const given = known.get(name);
    const wanted = storedAs(asked ?? format, shape as readonly number[]);
    const fits = given !== undefined && (asked === undefined || storedName(given) === storedName(wanted));
    inputs.set(name, fits ? given : wanted);
  }
  const size = tileSize(schedule, inputs);
  const tiles = size > 1 ? planTiles(program, size) : null;
  for (const [name, stored] of inputs)
    inputs.set(name, storedInTiles(stored, tiles?.get(name) ?? stored.shape.map(() => 1)));
  return inputs;
}

function refuseUnbound(program: EinsumProgram): void {
  const unbound = [...programExtents(program).shapes].find(([, shape]) =>
    shape.some((extent) => typeof extent === "string"),
  );
  if (unbound === undefined) return;
  const [name, shape] = unbound;
  const size = shape.find((extent) => typeof extent === "string");
  throw new FuseflowError(
    "program-unbound",
    `size ${size} of ${name} is not known; give it a number or an input with data`,
  );
}

function copyKernel(
  tensor: string,
  from: StoredTensor,
  { copy, to }: { readonly copy: string; readonly to: StoredTensor },
): CompiledKernel {
  const graph = transposeGraph(tensor, from, { copy, to });
  const indices = to.shape.map((_, mode) => `m${mode}`);
  const extents = new Map(indices.map((index, mode) => [index, to.shape[mode]!]));
  const node: FusedNode = { kind: "leaf", tensor, indices, variables: indices };
  const region = {
    name: graph.name,
    statements: [],
    outputs: [{ tensor: copy, indices, node }],
    variables: indices,
    extents,
    views: new Map(),
  };
  const order = from.modeOrder.map((mode) => indices[mode]!);
  const tensors = new Map([
    [tensor, from],
    [copy, to],
  ]);
  return {
    name: graph.name,
    region,
    partial: { variables: indices, arcs: [] },
    order,
    graph,
    tensors,
    fillers: new Map(),
  };
}

class RegionCompiler {
  readonly #region: RegionSchedule;
  readonly #context: RegionContext;
  readonly #tensors: Map<string, StoredTensor>;
  readonly #kernels: CompiledKernel[] = [];
  readonly #transposes: Transpose[] = [];
  readonly #materialised: { tensor: string; reason: string }[] = [];

  constructor(region: RegionSchedule, context: RegionContext, tensors: Map<string, StoredTensor>) {
    this.#region = region;
    this.#context = context;
    this.#tensors = tensors;
  }

  compile(): CompiledRegion {
    refuseUnknownLoops(this.#region, this.#context.program);
    this.#part(this.#region);
    const { name } = this.#region;
    return { name, kernels: this.#kernels, transposes: this.#transposes, materialised: this.#materialised };
  }

  #part(part: RegionSchedule): void {
    let result = compileRegion(part, this.#context);
    if ("kind" in result && result.kind === "cycle" && result.broken !== null)
      result = this.#transposed(part, result.broken);
    if (!("kind" in result)) {
      this.#kernels.push(result);
      for (const { tensor } of result.region.outputs) this.#tensors.set(tensor, result.tensors.get(tensor)!);
      return;
    }
    const at = this.#cut(part, result);
    if (at === null) throw this.#refusal(part, result);
    const cut = part.tensors[at]!;
    const reason =
      result.kind === "conflict" ? result.conflict.message : result.arcs.map((arc) => arc.reason).join("; ");
    this.#materialised.push({ tensor: cut, reason });
    this.#halves(part, at);
  }

  /** Compiles the region with copies of the tensors that stand in its way; copies that stay unused are taken back. */
  #transposed(part: RegionSchedule, { region, transposes, partial }: BrokenCycles): CompiledKernel | RegionObstacle {
    const tensors = new Map(this.#tensors);
    for (const { tensor, copy, modeOrder } of transposes) {
      tensors.set(copy, transposedStorage(this.#tensors.get(tensor)!, modeOrder));
    }
    const draft = { region, partial, given: null };
    const result = lowerInSomeOrder(part, draft, { ...this.#context, tensors });
    if ("kind" in result) return result;
    for (const transpose of transposes) {
      const { tensor, copy } = transpose;
      const [from, to] = [this.#tensors.get(tensor)!, tensors.get(copy)!];
      if (this.#tensors.has(copy)) continue;
      this.#tensors.set(copy, to);
      this.#transposes.push(transpose);
      this.#kernels.push(copyKernel(tensor, from, { copy, to }));
    }
    return result;
  }

  /** Compiles what leads to statement `at`, then the rest, which reads its result from memory. */
  #halves(part: RegionSchedule, at: number): void {
    const { order: _, ...plain } = part;
    const name = part.tensors[at]!;
    this.#part({ ...plain, name: `${part.name}.${name}`, tensors: part.tensors.slice(0, at + 1) });
    this.#part({ ...plain, tensors: part.tensors.slice(at + 1) });
  }

  /** The statement after which to cut: the one whose result cannot be streamed, or one in the middle. */
  #cut(part: RegionSchedule, obstacle: RegionObstacle): number | null {
    if (part.tensors.length < 2) return null;
    const named = obstacle.kind === "conflict" ? part.tensors.indexOf(obstacle.conflict.tensor ?? "") : -1;
    return named >= 0 && named < part.tensors.length - 1 ? named : part.tensors.length - 2;
  }

  #refusal(part: RegionSchedule, obstacle: RegionObstacle): FuseflowError {
    const [tensor] = part.tensors;
    if (obstacle.kind === "conflict") {
      return new FuseflowError("fusion-conflict", `${tensor} has no graph: ${obstacle.conflict.message}`);
    }
    const arcs = obstacle.arcs.map((arc) => arc.reason).join("; ");
    return new FuseflowError("fusion-conflict", `${tensor} has no loop order: ${arcs}`);
  }
}
