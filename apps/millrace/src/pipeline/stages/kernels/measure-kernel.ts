/** `measure-kernel`: a kernel as it was and as it was tuned, in turns on this machine. */
import { MillraceError } from "../../../errors.ts";
import { formatRatio } from "../../../terminal/quantity.ts";
import { openSpace } from "../../../tuning/spaces/catalogue.ts";
import { integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
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
    const designs = [
      // What is left out is as the package has it.
      { name: "untuned", config: {}, ns: Number.POSITIVE_INFINITY },
      { name: "tuned", config: tuned.best.config, ns: Number.POSITIVE_INFINITY },
    ];
    try {
      for (let round = 0; round < rounds; round++) {
        for (const design of designs) {
          if (place.stopRequested()) throw new MillraceError("interrupted", "interrupted");
          place.report(round, rounds, "turns");
          // The space throws where a value differs from the reference.
          const measured = (await space.evaluate(design.config)) as { readonly run_ns?: number };
          design.ns = Math.min(design.ns, measured.run_ns ?? Number.POSITIVE_INFINITY);
        }
      }
    } finally {
      space.close?.();
    }
    const [plain, best] = designs as [(typeof designs)[number], (typeof designs)[number]];
    return {
      output: { designs: designs.map(({ name, ns }) => ({ name, ns })) },
      gave: `${milliseconds(best.ns)} tuned, ${formatRatio(plain.ns / best.ns)} faster than ${milliseconds(plain.ns)} untuned`,
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

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(3)} ms`;
}
