/**
 * Runs points of an exploration: each is compiled, estimated, simulated and compared with the dense reference.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 8: fusion, dataflow order and parallelisation varied
 * independently.
 */
import type { Tensor } from "@millrace/tensor";
import { type CompiledProgram, compileProgram } from "../compile/compile-program.ts";
import { type SimulateProgramOptions, simulateProgram } from "../compile/simulate-program.ts";
import { storedTensor } from "../compile/stored-tensor.ts";
import { FuseflowError } from "../errors.ts";
import { estimateProgram, type RegionEstimate } from "../heuristic/estimate-program.ts";
import { compareOutputs } from "../program/evaluate/compare-outputs.ts";
import { type DenseResult, evaluateProgram } from "../program/evaluate/evaluate-program.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import { type LaneRequest, type RegionSchedule, withBlock } from "../schedule/schedule.ts";
import type { Configuration } from "./configuration.ts";
import { RegionOrders } from "./nth-order.ts";

/** What is explored; plain data. */
export interface ExplorationSubject {
  readonly program: EinsumProgram;
  /** Regions of every granularity. */
  readonly divisions: Readonly<Record<string, readonly RegionSchedule[]>>;
  /** Operands of every data set, inputs of the program by name. */
  readonly data: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
}

/** Counts of a region or of a whole point. */
export type ExploredWork = Pick<RegionEstimate, "cycles" | "flops" | "bytes">;

/** What a point came to; plain data. */
export interface Explored extends Configuration {
  /** Null if it has no graph, with the reason. */
  readonly cycles: number | null;
  readonly flops: number;
  readonly bytes: number;
  /** Blocks of all graphs. */
  readonly nodes: number;
  readonly estimate: ExploredWork;
  readonly regions: readonly (ExploredWork & {
    readonly name: string;
    readonly tensors: readonly string[];
    /** Loops of its last graph, outermost first. */
    readonly loops: readonly string[];
  })[];
  /** Whether every output equals the dense reference; null where that is too large to make. */
  readonly checked: boolean | null;
  readonly reason?: string;
}

/** Runs points one after another; what they share is made once. */
export class Explorer {
  readonly #subject: ExplorationSubject;
  readonly #simulate: SimulateProgramOptions;
  readonly #stored = new Map<string, ReadonlyMap<string, StoredTensor>>();
  readonly #references = new Map<string, ReadonlyMap<string, DenseResult> | null>();
  readonly #orders = new Map<string, readonly RegionOrders[]>();

  constructor(subject: ExplorationSubject, simulate: SimulateProgramOptions = {}) {
    this.#subject = subject;
    this.#simulate = simulate;
  }

  /** Runs one point; null where no region has as many orders. */
  explore(configuration: Configuration): Explored | null {
    const regions = this.#scheduled(configuration);
    if (regions === null) return null;
    const { program, data } = this.#subject;
    const operands = data[configuration.data]!;
    try {
      const schedule = withBlock({ regions }, configuration.block);
      const compiled = compileProgram(program, { schedule, stored: this.#storedOf(configuration.data) });
      return { ...configuration, ...this.#run(compiled, operands, this.#reference(configuration.data)) };
    } catch (error) {
      if (!(error instanceof FuseflowError)) throw error;
      const none = { cycles: 0, flops: 0, bytes: 0 };
      const rest = { nodes: 0, estimate: none, regions: [], checked: null, reason: error.message };
      return { ...configuration, ...none, ...rest, cycles: null };
    }
  }

  #run(
    compiled: CompiledProgram,
    operands: Readonly<Record<string, Tensor>>,
    reference: ReadonlyMap<string, DenseResult> | null,
  ): Omit<Explored, keyof Configuration> {
    const { flops, bytes, cycles } = estimateProgram(compiled, operands);
    const run = simulateProgram(compiled, operands, this.#simulate);
    const total = (of: (region: (typeof run.regions)[number]) => number): number =>
      run.regions.reduce((sum, region) => sum + of(region), 0);
    return {
      cycles: run.cycles,
      flops: total((region) => region.flops),
      bytes: total((region) => region.bytes),
      nodes: total((region) => region.nodes),
      estimate: { cycles: Math.round(cycles), flops: Math.round(flops), bytes: Math.round(bytes) },
      regions: run.regions.map((region, at) => ({
        name: region.name,
        tensors: compiled.schedule.regions[at]!.tensors,
        loops: region.kernels.at(-1)?.kernel.order ?? [],
        cycles: region.cycles,
        flops: region.flops,
        bytes: region.bytes,
      })),
      checked: reference === null ? null : compareOutputs(compiled.program, reference, run.tensors).agrees,
    };
  }

  /** The regions with their nth order and lanes; null if none has that many orders. */
  #scheduled({ data, granularity, order, lanes }: Configuration): readonly RegionSchedule[] | null {
    let found = order === 0;
    const regions = this.#subject.divisions[granularity]!.map((region, at): RegionSchedule => {
      const loops = this.#ordersOf(data, granularity)[at]!.nth(order);
      if (loops !== undefined) found = true;
      const parallel = lanes.flatMap((factor, level): LaneRequest[] => {
        const variable = loops?.[level];
        return factor > 1 && variable !== undefined ? [{ variable, factor }] : [];
      });
      return {
        ...region,
        ...(loops !== undefined && order > 0 && { order: loops }),
        ...(parallel.length > 0 && { parallel }),
      };
    });
    return found ? regions : null;
  }

  #ordersOf(data: string, granularity: string): readonly RegionOrders[] {
    const key = `${data} ${granularity}`;
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const { program, divisions } = this.#subject;
    const regions = divisions[granularity]!;
    // Results are stored as the first order makes them.
    const { tensors } = compileProgram(program, { schedule: { regions }, stored: this.#storedOf(data) });
    const orders = regions.map((region) => new RegionOrders(program, region, tensors));
    this.#orders.set(key, orders);
    return orders;
  }

  #storedOf(data: string): ReadonlyMap<string, StoredTensor> {
    const operands = Object.entries(this.#subject.data[data]!);
    const stored = this.#stored.get(data) ?? new Map(operands.map(([name, tensor]) => [name, storedTensor(tensor)]));
    this.#stored.set(data, stored);
    return stored;
  }

  #reference(data: string): ReadonlyMap<string, DenseResult> | null {
    const known = this.#references.get(data);
    if (known !== undefined) return known;
    const reference = referenceOrNull(this.#subject.program, this.#subject.data[data]!);
    this.#references.set(data, reference);
    return reference;
  }
}

/** The dense reference, or null where it is too large. */
function referenceOrNull(
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
): ReadonlyMap<string, DenseResult> | null {
  try {
    return evaluateProgram(program, operands);
  } catch (error) {
    if (error instanceof FuseflowError && error.code === "reference-size") return null;
    throw error;
  }
}
