/** `millrace embed simulate`: an operation on a trace of ids, timed on a machine. */
import { machineNames, type OptimizationLevel, simulateOperation, type TableElement } from "@millrace/ember-dae";
import type { TimelineRecorder } from "@millrace/sim-core";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { keepTimeline, recorderOf, type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import { type Timing, timingToJson, timingToText } from "../../embed/describe-timing.ts";
import { loadMachine } from "../../embed/load-machine.ts";
import { parseTimingMemory, type TimingMemoryName, timingMemory } from "../../embed/timing-memory.ts";
import { timingPage } from "../../embed/timing-page.ts";
import { type Dims, loadWorkload, parseDims, timedOperations } from "../../embed/timing-workload.ts";
import { optFlag } from "./embed-flags.ts";

interface SimulateFlags extends CommonFlags, TimelineFlags {
  readonly trace: string;
  readonly dims: Dims;
  readonly offsets?: string | undefined;
  readonly type: TableElement;
  readonly machine: string;
  readonly opt: OptimizationLevel;
  readonly memory: TimingMemoryName;
}

/** The `embed simulate` command. */
export const embedSimulate: Command<Invocation> = buildCommand<SimulateFlags, [string], Invocation>({
  docs: {
    brief: "Time an embedding operation on a decoupled machine, a core or a GPU",
    customUsage: [
      "OP --trace FILE --dims rows=R,width=D[,bag=B][,block=N] [--machine dae|core|gpu|FILE] [--opt 0..3] [--memory M]",
    ],
    fullDescription: describe(
      `Times an operation (${timedOperations.join(", ")}) on row ids of a trace. A machine is a name\n(${machineNames.join(", ")}) or a file in YAML or JSON: \`base: dae\` and what\nis different. Decoupled machines are simulated cycle by cycle, on memory that is ideal (100 ns, 64 bytes a cycle), hbm-burst,\nor command-level DRAM; cores and GPUs are formulas over exact stack distances. With --out, all levels go into report.html.`,
      [
        "millrace embed simulate sls --trace examples/traces/lookups.log --dims rows=10,width=32,bag=4 --json",
        "millrace embed simulate sls --trace ids.u32le --dims 1000000x64 --opt 2 --memory dram:hbm3-6400 --out out/bags",
      ],
    ),
  },
  parameters: {
    flags: {
      trace: { kind: "parsed", parse: String, brief: "Row ids: .u32le, .u64le, or text", placeholder: "FILE" },
      dims: {
        kind: "parsed",
        parse: parseDims,
        brief: "ROWSxWIDTH, or rows, width, bag (64 unless given), block (1)",
        placeholder: "DIMS",
      },
      offsets: {
        kind: "parsed",
        parse: String,
        brief: "Where bags start, instead of bags of one size",
        placeholder: "FILE",
        optional: true,
      },
      type: {
        kind: "enum",
        values: ["f32", "f64", "f16", "bf16", "i8"],
        brief: "Elements of the table",
        default: "f32",
      },
      machine: { kind: "parsed", parse: String, brief: "A name or a file", placeholder: "M", default: "dae" },
      opt: optFlag,
      memory: {
        kind: "parsed",
        parse: parseTimingMemory,
        brief: "ideal, hbm-burst or dram:PRESET",
        placeholder: "M",
        default: "ideal",
      },
      ...timelineFlags,
      ...commonFlags,
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: `An operation: ${timedOperations.join(", ")}`, placeholder: "OP", parse: String }],
    },
  },
  func: presenting<SimulateFlags, [string]>("embed-simulate", (flags, place, operation) => {
    const { folder } = place.host;
    const { machine: name, memory } = flags;
    const machine = loadMachine(folder, name);
    const workload = loadWorkload(folder, { ...flags, operation });
    const run = (level: OptimizationLevel, timeline?: TimelineRecorder) =>
      simulateOperation(workload, machine, { level, timeline, ...memoryOf(timingMemory(folder, memory, machine)) });
    const decoupled = machine.kind === "dae";
    const recorder = decoupled ? recorderOf(flags) : undefined;
    const report = run(flags.opt, recorder);
    keepTimeline(recorder, flags, place);
    if (flags.out !== undefined && decoupled) {
      const reports = ([0, 1, 2, 3] as const).map((level) => (level === flags.opt ? report : run(level)));
      const title = `${operation} on ${machine.name}, memory ${memory}`;
      const path = place.write(`${flags.out}/report.html`, timingPage({ title, reports, parts: machine.queue.chunks }));
      place.note(`report  ${path}`);
    }
    const timing: Timing = decoupled
      ? { operation, opt: flags.opt, memory, report }
      : { operation, opt: undefined, memory: undefined, report };
    return { json: () => timingToJson(timing), text: () => timingToText(timing) };
  }),
});

function memoryOf<Model>(memory: Model | undefined): { memory?: Model } {
  return memory === undefined ? {} : { memory };
}
