/** `measure-kernel`: a kernel as it was and as it was tuned, in turns on this machine. */
import type { Config } from "@millrace/baco-tuner";
import { evaluate, wasmEngine } from "@millrace/sparse-partitioner";
import { parseAssignment } from "@millrace/tensor";
import { MillraceError } from "../../../errors.ts";
import { checkResult, referenceValue } from "../../../simulation/check-result.ts";
import { formatRatio } from "../../../terminal/quantity.ts";
import { openSpace } from "../../../tuning/spaces/catalogue.ts";
import type { TuningSpace } from "../../../tuning/spaces/tuning-space.ts";
import type { KernelArtifact } from "../../artifacts.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { loadedKernel } from "./read-kernel.ts";
import { kernelSpace } from "./tune-kernel.ts";

/** The kind. */
export const measureKernel: StageKind = stageKind({
  name: "measure-kernel",
  brief: "Measures a kernel as it was and as it was tuned, in turns on this machine",
  packages: ["sparse-partitioner", "loop-ir", "tensor"],
  inputs: {
    kernel: { type: "kernel", brief: "the expression and its operands" },
    tuned: { type: "kernel-study", brief: "what a tuner found" },
  },
  options: { rounds: integer("Turns of each, of which the fastest counts", { least: 1, most: 1000, fallback: 9 }) },
  output: "comparison",
  measures: "all",
  async run({ inputs: { kernel, tuned }, options: { rounds }, place }) {
    const space = await openSpace(kernelSpace(kernel, place.folder));
    const measureAsRead = await asRead(kernel, place.folder);
    const designs = [
      { name: "as read", measure: measureAsRead, ns: Number.POSITIVE_INFINITY },
      { name: "tuned", measure: () => measured(space, tuned.best.config), ns: Number.POSITIVE_INFINITY },
    ] satisfies [Design, Design];
    try {
      for (let round = 0; round < rounds; round++) {
        for (const design of designs) {
          if (place.stopRequested()) throw new MillraceError("interrupted", "interrupted");
          place.report(round, rounds, "turns");
          design.ns = Math.min(design.ns, await design.measure());
        }
      }
    } finally {
      space.close?.();
    }
    const [plain, best] = designs;
    return {
      output: { designs: designs.map(({ name, ns }) => ({ name, ns })) },
      gave: `${milliseconds(best.ns)} tuned, ${formatRatio(plain.ns / best.ns)} faster than ${milliseconds(plain.ns)} as read`,
      check: { against: "the reference evaluator", compared: rounds * designs.length, differing: 0, unit: "results" },
      tables: [
        {
          title: `The fastest of ${rounds} turns`,
          columns: ["kernel", "time"],
          rows: designs.map(({ name, ns }) => [name, milliseconds(ns)]),
        },
      ],
    };
  },
});

/** Nanoseconds of a configuration; the space throws where a value differs from the reference. */
async function measured(space: TuningSpace, config: Config): Promise<number> {
  const { run_ns, detail } = (await space.evaluate(config)) as { readonly run_ns?: number; readonly detail?: string };
  if (run_ns !== undefined) return run_ns;
  throw new Error(`the tuned kernel cannot be run: ${detail}`);
}

interface Design {
  readonly name: string;
  readonly measure: () => Promise<number>;
  ns: number;
}

/** What measures the kernel on its operands as they were read: what `millrace kernel` runs when it is told nothing else. */
async function asRead(kernel: KernelArtifact, folder: string): Promise<() => Promise<number>> {
  const { lists, tensors } = await loadedKernel(kernel, folder);
  const assignment = parseAssignment(kernel.expression);
  const reference = referenceValue(assignment, lists);
  const options = { operands: tensors, engines: { wasm: wasmEngine() }, transposes: true };
  return async () => {
    const measurement = await evaluate(assignment, {}, { ...options, now: () => performance.now() * 1e6 });
    if (!measurement.feasible) throw new Error(`the kernel cannot be run: ${measurement.detail}`);
    const { differing, compared } = checkResult(measurement.result, reference);
    if (differing > 0) throw new Error(`${differing} of ${compared} values differ from the reference`);
    return measurement.run_ns;
  };
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(3)} ms`;
}
