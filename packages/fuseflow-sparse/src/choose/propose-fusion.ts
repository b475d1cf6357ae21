/**
 * Proposes fusion regions: the cheapest division of a program into runs of statements, by estimates of every run that may pay.
 *
 * A run is not made longer once it costs much more than its statements alone: what makes it dear, recomputation, only grows.
 */
import type { Tensor } from "@millrace/tensor";
import { type CompileOptions, compileOne, compileProgram } from "../compile/compile-program.ts";
import { FuseflowError } from "../errors.ts";
import { expandRegion } from "../fuse/expand.ts";
import { type FusedNode, unfoldedSize } from "../fuse/fused-node.ts";
import { estimateKernel } from "../heuristic/estimate-program.ts";
import type { TensorModel } from "../heuristic/level-model.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";

/** Most statements of a region that is looked at. */
const LONGEST = 40;
/** Most operations of a region that is looked at, every use of a result expanded. */
const LARGEST = 600;
/** Longer runs are left alone after this many that cost so much more than their statements alone. */
const PATIENCE = 4;
const TOO_DEAR = 1.5;

/** What a proposal is made with. */
export interface ProposeOptions extends CompileOptions {
  /** Bytes a memory moves in a cycle; unlimited unless given. */
  readonly bytesPerCycle?: number;
}

/** Regions, and what they are expected to cost. */
export interface FusionProposal {
  readonly regions: readonly RegionSchedule[];
  readonly cycles: number;
  /** Runs of statements that were estimated. */
  readonly looked: number;
}

/** The regions that are expected to take the fewest cycles. */
export function proposeFusion(
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
  options: ProposeOptions = {},
): FusionProposal {
  const costs = new RunCosts(program, operands, options);
  const tensors = program.statements.map(({ tensor }) => tensor);
  const count = tensors.length;
  // Cheapest division of the statements up to each, and where its last run begins.
  const best: number[] = [0];
  const from: number[] = [0];
  for (let end = 1; end <= count; end++) best[end] = Number.POSITIVE_INFINITY;
  for (let start = 0; start < count; start++) {
    let alone = 0;
    let dear = 0;
    for (let end = start + 1; end <= Math.min(count, start + LONGEST) && dear < PATIENCE; end++) {
      alone += costs.of(end - 1, end);
      const cost = costs.of(start, end);
      dear = cost > TOO_DEAR * alone ? dear + 1 : 0;
      if (best[start]! + cost < best[end]!) {
        best[end] = best[start]! + cost;
        from[end] = start;
      }
    }
  }
  const regions: RegionSchedule[] = [];
  for (let end = count; end > 0; end = from[end]!) {
    const start = from[end]!;
    const inside = tensors.slice(start, end);
    const name = inside.length === 1 ? inside[0]! : `${inside[0]}-${inside.at(-1)}`;
    regions.unshift({ name, tensors: inside });
  }
  return { regions, cycles: best[count]!, looked: costs.looked };
}

/** Expected cycles of runs of statements, each in one region, reading stored results of the others. */
class RunCosts {
  looked = 0;
  readonly #program: EinsumProgram;
  readonly #operands: Readonly<Record<string, Tensor>>;
  readonly #options: ProposeOptions;
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #models = new Map<string, TensorModel>();
  readonly #known = new Map<string, number>();

  constructor(program: EinsumProgram, operands: Readonly<Record<string, Tensor>>, options: ProposeOptions) {
    this.#program = program;
    this.#operands = operands;
    this.#options = options;
    const regions = program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
    const alone = compileProgram(program, { ...options, schedule: { ...options.schedule, regions } });
    this.#tensors = alone.tensors;
    for (const [at, { kernels }] of alone.regions.entries()) {
      let cost = 0;
      for (const kernel of kernels) {
        const estimate = estimateKernel(kernel, operands, this.#models);
        cost += this.#cycles(estimate);
        for (const [tensor, model] of estimate.results) this.#models.set(tensor, model);
      }
      this.#known.set(`${at} ${at + 1}`, cost);
    }
  }

  #cycles({ cycles, bytes }: { readonly cycles: number; readonly bytes: number }): number {
    const { bytesPerCycle } = this.#options;
    return bytesPerCycle === undefined ? cycles : Math.max(cycles, bytes / bytesPerCycle);
  }

  of(start: number, end: number): number {
    const key = `${start} ${end}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const cost = this.#estimate(start, end);
    this.#known.set(key, cost);
    return cost;
  }

  #size(tensors: readonly string[]): number {
    const known = new Map<FusedNode, number>();
    const { outputs } = expandRegion(this.#program, { name: "", tensors });
    return outputs.reduce((sum, { node }) => sum + unfoldedSize(node, known), 0);
  }

  #estimate(start: number, end: number): number {
    this.looked += 1;
    const tensors = this.#program.statements.slice(start, end).map(({ tensor }) => tensor);
    const scope = { program: this.#program, options: this.#options, tensors: new Map(this.#tensors) };
    if (this.#size(tensors) > LARGEST) return Number.POSITIVE_INFINITY;
    try {
      const { kernels } = compileOne({ name: `${start}-${end}`, tensors }, scope);
      const models = new Map(this.#models);
      let cost = 0;
      for (const kernel of kernels) {
        const estimate = estimateKernel(kernel, this.#operands, models);
        cost += this.#cycles(estimate);
        for (const [tensor, model] of estimate.results) models.set(tensor, model);
      }
      return cost;
    } catch (error) {
      if (error instanceof FuseflowError && error.code === "fusion-conflict") return Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}
