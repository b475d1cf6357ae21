/** `run-lookups`: the same lookups by a compiled kernel on this machine, with several distances of running ahead. */
import { interpret, LookupEngine, operationNest, withFreshOutput } from "@millrace/ember-dae";
import { nodeHost } from "@millrace/loop-ir";
import { MillraceError } from "../../../errors.ts";
import { formatRatio } from "../../../terminal/quantity.ts";
import type { LookupsArtifact } from "../../artifacts.ts";
import { choice, integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import { element, firstBags } from "./first-bags.ts";
import { workloadOf } from "./simulate-lookups.ts";

/** The kind. */
export const runLookups: StageKind = stageKind({
  name: "run-lookups",
  brief: "Runs lookups by compiled kernels on this machine, with several distances of running ahead",
  packages: ["ember-dae", "loop-ir"],
  inputs: {
    model: { type: "embedding-model", brief: "the operation" },
    lookups: { type: "lookups", brief: "row ids" },
    tuned: { type: "lookups-study", brief: "a machine whose run-ahead is tried as well", optional: true },
  },
  options: {
    target: choice<"fastest" | "wasm" | "c">("What kernels are compiled to", ["fastest", "wasm", "c"], "fastest"),
    rounds: integer("Turns of each, of which the fastest counts", { least: 1, most: 1000, fallback: 5 }),
  },
  output: "comparison",
  measures: "part",
  run({ inputs: { model, lookups, tuned }, options: { target, rounds }, place }) {
    if (model.timed !== "sls")
      throw new MillraceError("argument", `kernels of this stage add rows up; ${model.model} has ${model.timed}`);
    const ids = workloadOf(model.timed, lookups, place.folder).fibres!.idx;
    const ahead = tuned?.best.config.run_ahead_lines;
    const distances = [...new Set([0, 64, 256, ...(typeof ahead === "number" ? [ahead] : [])])].sort((a, b) => a - b);
    const runs = distances.map((lines) => {
      place.begin(`running ${lines} lines ahead`);
      return { lines, ...timed(ids, lookups, { target, rounds, lines, now: () => place.now() }) };
    });
    const small = firstBags(model.operation, ids, lookups);
    const expected = withFreshOutput(small.instance);
    interpret(operationNest(model.operation), expected.memories);
    const bits = expected.memories.at(-1)!.array as Float32Array;
    const differing = runs.reduce(
      (sum, { out }) => sum + bits.filter((value, at) => !Object.is(value, out[at])).length,
      0,
    );
    const fastest = runs.reduce((best, run) => (run.ms < best.ms ? run : best));
    return {
      output: { designs: runs.map(({ lines }) => ({ name: `${lines} lines ahead` })) },
      gave: `${runs.length} distances of running ahead`,
      check: { against: "the interpreted loops", compared: runs.length * bits.length, differing, unit: "values" },
      measured: {
        gave: `${fastest.ms.toFixed(3)} ms by ${fastest.target} with ${fastest.lines} lines ahead, ${formatRatio(runs[0]!.ms / fastest.ms)} faster than with none`,
        figures: Object.fromEntries(runs.map(({ lines, ms }) => [`ms ${lines} lines ahead`, ms])),
        tables: [
          {
            title: `The fastest of ${rounds} turns`,
            columns: ["lines ahead", "time", "lookups a second"],
            rows: runs.map(({ lines, ms }) => [lines, `${ms.toFixed(3)} ms`, Math.round((1000 * lookups.ids) / ms)]),
          },
        ],
      },
    };
  },
});

interface Timing {
  readonly target: "fastest" | "wasm" | "c";
  readonly rounds: number;
  readonly lines: number;
  readonly now: () => number;
}

/** Sums of the bags and the milliseconds of the fastest turn. */
function timed(ids: Float64Array, { rows, width, bag }: LookupsArtifact, { target, rounds, lines, now }: Timing) {
  const engine = new LookupEngine(nodeHost(process), { target, threads: 1, runAheadLines: lines, say: () => {} });
  try {
    const table = engine.createTable({ element: "f32", rows, width });
    for (const id of new Set(ids))
      table.write(
        id,
        Array.from({ length: width }, (_, column) => element(id, column)),
      );
    const indices = BigInt64Array.from(ids, BigInt);
    const offsets = BigInt64Array.from({ length: Math.ceil(ids.length / bag) }, (_, at) => BigInt(at * bag));
    let ms = Number.POSITIVE_INFINITY;
    let out = table.lookup({ indices, offsets });
    for (let round = 0; round < rounds; round++) {
      const begun = now();
      out = table.lookup({ indices, offsets });
      ms = Math.min(ms, now() - begun);
    }
    table.close();
    return { out, ms, target: engine.target };
  } finally {
    engine.close();
  }
}
