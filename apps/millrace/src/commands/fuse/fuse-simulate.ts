/** `millrace fuse simulate MODEL`: compiles a model and simulates its graphs, checked against the dense reference. */
import {
  BURST_MEMORY_BYTES_PER_CYCLE,
  chooseFusion,
  compileProgram,
  simulateProgram,
  storedTensor,
  withBlock,
} from "@millrace/fuseflow-sparse";
import type { TimelineRecorder } from "@millrace/sim-core";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting, type Workplace } from "../../cli/outcome.ts";
import { keepTimeline, recorderOf, type TimelineFlags, timelineFlags } from "../../cli/timeline-flags.ts";
import type { LoadedModel } from "../../fuse/load-model.ts";
import { modelCounters, modelGraphView } from "../../fuse/model-views.ts";
import { checkModel, decisionsToText, modelCheckToText, modelToJson, regionsToText } from "../../fuse/run-model.ts";
import type { SimulatedModel } from "../../fuse/simulated-model.ts";
import { formatCount } from "../../terminal/quantity.ts";
import { type FuseFlags, fuseFlags, memoryOf, modelArgument, modelOf, scheduleOf } from "./fuse-flags.ts";

type FuseSimulateFlags = CommonFlags & FuseFlags & TimelineFlags;

/** The `fuse simulate` command. */
export const fuseSimulate: Command<Invocation> = buildCommand<FuseSimulateFlags, [string], Invocation>({
  docs: {
    brief: "Simulate a model's fused graphs, checked",
    customUsage: [
      "MODEL [-i NAME=VALUE]... [--schedule FILE | --fuse GRANULARITY] [--block N] [--memory MEMORY] [--timeline FILE]",
    ],
    fullDescription: describe(
      "Compiles a model as `fuse compile` does, simulates its graphs one after another, and compares every output with a dense\nreference; a difference ends with status 3. Inputs of the models that come with millrace are drawn at random unless given.",
      [
        "millrace fuse simulate gcn --fuse full",
        "millrace fuse simulate gcn --fuse partial --timeline gcn.pftrace --out out/gcn",
      ],
    ),
  },
  parameters: {
    flags: { ...fuseFlags, ...timelineFlags, ...commonFlags },
    aliases: { i: "input" },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<FuseSimulateFlags, [string]>("fuse-simulate", async (flags, place, name) => {
    const model = await modelOf(name, flags, { run: true, place });
    const timeline = recorderOf(flags);
    const { compiled, run, memory, note } = simulateModel(model, { ...flags, timeline }, place);
    place.kept?.view("graph", model.program.name, modelGraphView(compiled, run));
    place.kept?.view("counters", "Counters", modelCounters(run));
    keepTimeline(timeline, flags, place);
    place.progress.begin("checking every value");
    const check = checkModel(model, run);
    return {
      status: check.passed === false ? 3 : 0,
      json: () => modelToJson(model, run, check, { memory }),
      text: () =>
        `${model.program.name}, memory ${memory}${note}\n\n${regionsToText(run)}${decisionsToText(compiled)}\n${modelCheckToText(check)}`,
    };
  }),
});

type RecordedFlags = FuseFlags & { readonly timeline?: TimelineRecorder | undefined };

/** Simulates a model under the schedule that the flags ask for, or the best that is found; a timeline shows that one alone. */
export function simulateModel(model: LoadedModel, flags: RecordedFlags, place: Workplace): SimulatedModel {
  const { program, operands, granularities } = model;
  const stored = new Map(Object.entries(operands).map(([tensor, value]) => [tensor, storedTensor(value)]));
  const schedule = scheduleOf(model, flags, place);
  const { name, memory } = memoryOf(flags, schedule, place);
  const settings = { memory, ...(flags.timeline !== undefined && { timeline: flags.timeline }) };
  if (schedule !== null) {
    place.progress.begin(`compiling ${program.name}`);
    const compiled = compileProgram(program, { schedule, stored });
    place.progress.begin(`simulating ${program.name}`);
    return { compiled, run: simulateProgram(compiled, operands, settings), memory: name, note: "" };
  }
  place.progress.begin(`choosing regions of ${program.name}`);
  const choice = chooseFusion(program, operands, {
    stored,
    ...(flags.block === undefined ? {} : { schedule: withBlock({ regions: [] }, flags.block) }),
    ...(name === "none" ? {} : { bytesPerCycle: BURST_MEMORY_BYTES_PER_CYCLE }),
    candidates: granularities,
    simulate: { memory },
    onCandidate: (candidate) => place.progress.begin(`simulating ${program.name}, ${candidate}`),
  });
  const { chosen, candidates, looked } = choice;
  const simulated = candidates.filter((candidate) => candidate.run !== undefined).length;
  const note = `; regions chosen: ${formatCount(looked)} estimated, ${simulated} of ${candidates.length} divisions simulated`;
  const run = flags.timeline === undefined ? chosen.run : simulateProgram(chosen.compiled, operands, settings);
  return { compiled: chosen.compiled, run, memory: name, note };
}
