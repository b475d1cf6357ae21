/** Times an operation on a machine of any kind. */
import { simulateGpu } from "./gpu-roofline.ts";
import type { Machine } from "./machine.ts";
import { simulateCore } from "./out-of-order.ts";
import { type DaeOptions, simulateDae } from "./simulate-dae.ts";
import type { TimingReport } from "./timing-report.ts";
import { memoriesOf, type Workload } from "./workload.ts";

/**
 * Times a workload. Options are for decoupled machines; the others carry out the loop nest, on a memory of their own.
 *
 * @throws {EmberError} `operand-shape`, `index-range`; `machine` where a decoupled machine is too small for the program
 * @example
 * const operation = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i64" };
 * const fibres = bagsOf(Float64Array.of(1, 3, 0, 4, 4), 2);
 * simulateOperation({ operation, fibres, rows: 5, width: 8 }, machineNamed("dae")).tokens // => 8
 */
export function simulateOperation(workload: Workload, machine: Machine, options: DaeOptions = {}): TimingReport {
  if (machine.kind === "dae") return simulateDae(workload, machine, options);
  memoriesOf(workload);
  return machine.kind === "core" ? simulateCore(workload, machine) : simulateGpu(workload, machine);
}
