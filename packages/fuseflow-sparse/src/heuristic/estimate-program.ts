/** Expected work of a compiled program, and how far that is from what a run counted. */
import type { Tensor } from "@millrace/tensor";
import type { CompiledProgram } from "../compile/compile-program.ts";
import type { CompiledKernel } from "../compile/compile-region.ts";
import { kernelOperands, type ProgramRun } from "../compile/simulate-program.ts";
import { estimateGraph } from "./estimate-graph.ts";
import type { TensorModel } from "./level-model.ts";

/** What a region is expected to cost. */
export interface RegionEstimate {
  readonly name: string;
  readonly flops: number;
  readonly bytes: number;
  readonly cycles: number;
}

/** What a program is expected to cost. */
export interface ProgramEstimate {
  readonly regions: readonly RegionEstimate[];
  readonly flops: number;
  readonly bytes: number;
  readonly cycles: number;
}

/** Relative errors of an estimate against what was counted: 0.05 is 5 %. */
export interface EstimateError {
  readonly flops: number;
  readonly bytes: number;
  readonly cycles: number;
}

/** Estimates a compiled program on operands, inputs by name. */
export function estimateProgram(
  compiled: CompiledProgram,
  operands: Readonly<Record<string, Tensor>>,
): ProgramEstimate {
  const models = new Map<string, TensorModel>();
  const regions = compiled.regions.map(({ name, kernels }) => {
    const total = { flops: 0, bytes: 0, cycles: 0 };
    for (const kernel of kernels) {
      const { flops, bytes, cycles, results } = estimateKernel(kernel, operands, models);
      total.flops += flops;
      total.bytes += bytes;
      total.cycles += cycles;
      for (const [tensor, model] of results) models.set(tensor, model);
    }
    return { name, ...total };
  });
  const sum = (of: (region: RegionEstimate) => number): number => regions.reduce((all, region) => all + of(region), 0);
  return { regions, flops: sum((r) => r.flops), bytes: sum((r) => r.bytes), cycles: sum((r) => r.cycles) };
}

/** Estimates one graph: on stored operands where there are any, on earlier estimates elsewhere. */
export function estimateKernel(
  kernel: CompiledKernel,
  operands: Readonly<Record<string, Tensor>>,
  models: ReadonlyMap<string, TensorModel>,
): ReturnType<typeof estimateGraph> {
  const outputs = new Set(kernel.region.outputs.map(({ tensor }) => tensor));
  const stored = new Map([...kernel.tensors].filter(([name]) => !models.has(name) && !outputs.has(name)));
  const tensors = kernelOperands({ ...kernel, tensors: stored }, new Map(Object.entries(operands)));
  const all = new Map<string, TensorModel>(models);
  for (const [name, tensor] of Object.entries(tensors)) all.set(name, { kind: "stored", tensor });
  return estimateGraph(kernel.graph, all);
}

/** How far an estimate is from a run. */
export function estimateError(estimate: ProgramEstimate, run: ProgramRun): EstimateError {
  const total = (of: (region: ProgramRun["regions"][number]) => number): number =>
    run.regions.reduce((sum, region) => sum + of(region), 0);
  const error = (expected: number, counted: number): number => (counted === 0 ? 0 : Math.abs(expected / counted - 1));
  return {
    flops: error(
      estimate.flops,
      total(({ flops }) => flops),
    ),
    bytes: error(
      estimate.bytes,
      total(({ bytes }) => bytes),
    ),
    cycles: error(estimate.cycles, run.cycles),
  };
}
