/** The stop of the tour that computes instead of simulating: kernels on matrices with one giant row, divided two ways. */
import { nodeHost, WorkerPool } from "@millrace/loop-ir";
import { compileKernel, type Strategy, wasmEngine } from "@millrace/sparse-partitioner";
import {
  type CoordinateList,
  csr,
  oneDenseRow,
  pack,
  parseAssignment,
  parseFormat,
  uniformTensor,
} from "@millrace/tensor";
import { checkResult, referenceValue } from "../simulation/check-result.ts";

/** Rows and columns of the matrices, entries of an ordinary row, and units. */
const ROWS = 10_000;
const ENTRIES_PER_ROW = 5;
export const KERNEL_UNITS = 64;

/** What the stop shows, in a sentence or two. */
export const kernelAbout: string = `Matrices of ${ROWS} rows with ${ENTRIES_PER_ROW} entries each, but for one row that is full. Equal ranges of rows leave nearly all work to one of ${KERNEL_UNITS} units; cuts through the coordinates of all operands give each the same. Computed by WebAssembly on this machine; every value is compared with a reference.`;

/** One kernel divided one way. */
export interface KernelDivision {
  readonly kernel: string;
  readonly strategy: Strategy;
  readonly work: number;
  readonly maxUnitWork: number;
  readonly meanUnitWork: number;
  readonly idleUnits: number;
  readonly planNanoseconds: number;
  readonly runNanoseconds: number;
  readonly workers: number;
  readonly compared: number;
  readonly differing: number;
}

const kernels = [
  { name: "SpMV", text: "y(i) = A(i,j) * x(j)", matrices: 1, result: undefined },
  { name: "4-way add", text: "E(i,j) = A(i,j) + B(i,j) + C(i,j) + D(i,j)", matrices: 4, result: csr },
] as const;

/** Runs both kernels, divided by rows and evenly; `begin` is told before each. */
export async function runKernels(
  seed: number,
  now: () => number,
  begin: (kernel: string) => void,
): Promise<readonly KernelDivision[]> {
  const host = nodeHost(process);
  const workers = Math.max(1, Math.min(2, host.processors));
  const pool = workers > 1 ? new WorkerPool(host, { workers }) : undefined;
  const engine = wasmEngine(pool === undefined ? {} : { pool });
  try {
    const divisions: KernelDivision[] = [];
    for (const { name, text, matrices, result } of kernels) {
      begin(name);
      const lists: Record<string, CoordinateList> = { x: uniformTensor({ shape: [ROWS], entries: ROWS, seed }) };
      for (let at = 0; at < matrices; at++) {
        const options = { rows: ROWS, columns: ROWS, entriesPerRow: ENTRIES_PER_ROW, seed: seed + at };
        lists["ABCD"[at]!] = oneDenseRow(options);
      }
      if (matrices > 1) delete lists.x;
      const operands = Object.fromEntries(
        Object.entries(lists).map(([tensor, list]) => [tensor, pack(list, tensor === "x" ? parseFormat("d") : csr)]),
      );
      const kernel = compileKernel(text, {
        operands,
        engine,
        ...(result === undefined ? {} : { resultFormat: result }),
      });
      const reference = referenceValue(parseAssignment(text), lists);
      for (const strategy of ["rows", "balanced"] as const) {
        // The first run compiles, and touches memory for the first time.
        const { statistics } = await kernel.run({ units: KERNEL_UNITS, strategy, statistics: true });
        const outcome = await kernel.run({ units: KERNEL_UNITS, strategy, now: () => now() * 1e6 });
        const { compared, differing } = checkResult(outcome.result, reference);
        const { unitWork, work, units } = statistics!;
        divisions.push({
          kernel: name,
          strategy,
          work,
          maxUnitWork: Math.max(...unitWork),
          meanUnitWork: work / units,
          idleUnits: unitWork.filter((part) => part === 0).length,
          planNanoseconds: Math.round(outcome.planNs),
          runNanoseconds: Math.round(outcome.runNs),
          workers,
          compared,
          differing,
        });
      }
      kernel.release();
    }
    return divisions;
  } finally {
    pool?.close();
  }
}
