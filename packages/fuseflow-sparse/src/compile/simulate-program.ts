/** Runs a compiled program: its graphs one after another, results of one being operands of the next. */
import { pack, sameFormat, type Tensor, unpack } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { SamGraph } from "../sam/graph.ts";
import type { SamCounts } from "../simulate/count-work.ts";
import { type SamSimulation, type SimulateSamOptions, simulateSam } from "../simulate/simulate-sam.ts";
import type { CompiledProgram } from "./compile-program.ts";
import type { CompiledKernel } from "./compile-region.ts";
import { refusePartTiles } from "./part-tiles.ts";
import { formatOfStored } from "./stored-tensor.ts";

/** What one region cost. */
export interface RegionRun {
  readonly name: string;
  readonly cycles: number;
  /** Operations of ALUs, reducers and accumulators. */
  readonly flops: number;
  /** Elements read and written, of 4 bytes each. */
  readonly bytes: number;
  /** Blocks of its graphs. */
  readonly nodes: number;
  readonly kernels: readonly KernelRun[];
}

/** One graph that ran. */
export interface KernelRun {
  readonly kernel: CompiledKernel;
  readonly simulation: SamSimulation;
}

/** A program that ran. */
export interface ProgramRun {
  readonly regions: readonly RegionRun[];
  readonly cycles: number;
  /** Every stored result, by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Settings of a run. */
export interface SimulateProgramOptions extends SimulateSamOptions {
  /** Told of every region as it ends. */
  readonly onRegion?: (run: RegionRun) => void;
}

const ELEMENT_BYTES = 4;

/** Operations of a run. */
function flopsOf({ aluOperations, reduced }: SamCounts): number {
  return aluOperations + reduced;
}

/** Bytes that a run of `graph` reads and writes: values, and coordinates of compressed levels; dense levels store none. */
function bytesOf(graph: SamGraph, { arrayReads, valuesWritten, byBlock }: SamCounts): number {
  let elements = arrayReads + valuesWritten;
  for (const block of graph.blocks) {
    const stores = (block.type === "scanner" || block.type === "write-level") && block.format !== "dense";
    if (stores) elements += byBlock[block.id] ?? 0;
  }
  return ELEMENT_BYTES * elements;
}

/**
 * Simulates the graphs of a program on `operands`, inputs of the program by name. A timeline shows them one after another,
 * each in a group with the name of its region.
 *
 * @throws {FuseflowError} `operand-missing`; `operand-format` for tiles that a pattern fills in part; as `simulateSam`
 */
export function simulateProgram(
  compiled: CompiledProgram,
  operands: Readonly<Record<string, Tensor>>,
  options: SimulateProgramOptions = {},
): ProgramRun {
  refusePartTiles(compiled, operands);
  const tensors = new Map<string, Tensor>(Object.entries(operands));
  const regions: RegionRun[] = [];
  let cycles = 0;
  for (const region of compiled.regions) {
    const kernels: KernelRun[] = [];
    for (const kernel of region.kernels) {
      options.timeline?.group(nameOfKernel(region, kernel), cycles);
      const simulation = simulateSam(kernel.graph, kernelOperands(kernel, tensors), options);
      cycles += simulation.report.cycles;
      kernels.push({ kernel, simulation });
      for (const [name, tensor] of Object.entries(simulation.outputs)) {
        tensors.set(name, withShape(tensor, kernel.tensors.get(name)!));
      }
    }
    const run = regionRun(region.name, kernels);
    options.onRegion?.(run);
    regions.push(run);
  }
  return { regions, cycles, tensors };
}

/** The name of a graph among those of its program: of its region, and its own where the region has several. */
export function nameOfKernel(
  { name, kernels }: { readonly name: string; readonly kernels: readonly unknown[] },
  kernel: Pick<CompiledKernel, "name">,
): string {
  return kernels.length === 1 ? name : `${name}/${kernel.name}`;
}

function regionRun(name: string, kernels: readonly KernelRun[]): RegionRun {
  const total = (of: (run: KernelRun) => number): number => kernels.reduce((sum, run) => sum + of(run), 0);
  return {
    name,
    cycles: total(({ simulation }) => simulation.report.cycles),
    flops: total(({ simulation }) => flopsOf(simulation.counts)),
    bytes: total(({ kernel, simulation }) => bytesOf(kernel.graph, simulation.counts)),
    nodes: total(({ kernel }) => kernel.graph.blocks.length),
    kernels,
  };
}

/** The operands of one graph, stored as it reads them. */
export function kernelOperands(
  { tensors, fillers, region }: CompiledKernel,
  available: ReadonlyMap<string, Tensor>,
): Record<string, Tensor> {
  const outputs = new Set(region.outputs.map(({ tensor }) => tensor));
  const operands: Record<string, Tensor> = {};
  for (const [name, stored] of tensors) {
    if (outputs.has(name)) continue;
    const extent = fillers.get(name);
    const tensor = extent === undefined ? available.get(name) : ones(extent);
    if (tensor === undefined) throw new FuseflowError("operand-missing", `there is no tensor ${name}`);
    operands[name] = storedLike(tensor, stored);
  }
  return operands;
}

function ones(extent: number): Tensor {
  const format = { levels: [{ kind: "dense" as const }], modeOrder: [0] };
  const levels = [{ kind: "dense" as const, size: extent }];
  return { shape: [extent], format, levels, valueType: "float64", values: new Float64Array(extent).fill(1) };
}

/** The tensor in the format of `stored`. */
function storedLike(tensor: Tensor, stored: StoredTensor): Tensor {
  const format = formatOfStored(stored);
  return sameFormat(tensor.format, format) ? tensor : pack(unpack(tensor), format);
}

/** A result with the extents of the program: a graph knows of them only what it meets. */
function withShape(tensor: Tensor, { shape }: StoredTensor): Tensor {
  if (tensor.shape.join() === shape.join()) return tensor;
  const list = unpack(tensor);
  return pack({ ...list, shape }, tensor.format);
}
