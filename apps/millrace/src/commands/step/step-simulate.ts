/** `millrace step simulate PROGRAM`: a program in time. */
import {
  analyze,
  fillSources,
  measuredValue,
  type Program,
  simulateProgram,
  type TimedResults,
} from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type Binding, bindingTable, type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { keepTimeline } from "../../cli/timeline-flags.ts";
import { MillraceError } from "../../errors.ts";
import { countersOf } from "../../simulation/run-counters.ts";
import { checkRun } from "../../step/check-run.ts";
import { describeRun } from "../../step/describe-run.ts";
import { stepGraphView } from "../../step/graph-view.ts";
import { loadProgram } from "../../step/load-program.ts";
import { type ProgramTensors, readTensors } from "../../step/read-tensors.ts";
import { dottedBinding, type InputFlags, inputFlags, readInputs } from "./input-flags.ts";
import { type MachineFlags, machineFlags, machineOf, quirkHelp } from "./machine-flags.ts";
import { programArgument } from "./program-argument.ts";

type StepSimulateFlags = CommonFlags &
  InputFlags &
  MachineFlags & {
    readonly mode: "timing" | "functional";
    readonly depths?: readonly Binding[] | undefined;
    readonly pmuBandwidth: number;
    readonly tensor?: readonly Binding[] | undefined;
    readonly check?: boolean | undefined;
  };

/** The `step simulate` command. */
export const stepSimulate: Command<Invocation> = buildCommand<StepSimulateFlags, [string], Invocation>({
  docs: {
    brief: "Simulate a program cycle by cycle",
    customUsage: ["PROGRAM [--trace FILE] [--source ID=STREAM]... [--mode timing|functional] [--check]"],
    fullDescription: describe(
      `Runs a program on a timed machine. Mode functional moves values as well; --check compares them with the untimed\ninterpreter. A standstill or a difference ends with status 3.\n${quirkHelp}`,
      [
        "millrace step simulate examples/programs/packed.step --trace examples/traces/packed-rows.json --json",
        "millrace step simulate examples/programs/packed.step --trace examples/traces/packed-rows.json --check",
      ],
    ),
  },
  parameters: {
    flags: {
      ...inputFlags,
      mode: { kind: "enum", values: ["timing", "functional"], brief: "Whether values move", default: "timing" },
      tensor: {
        kind: "parsed",
        parse: dottedBinding("w=random"),
        brief: "What a tensor holds: a file, random, or a number; zeros unless given",
        placeholder: "NAME=VALUE",
        variadic: true,
        optional: true,
      },
      check: { kind: "boolean", brief: "Compare with the interpreter", optional: true, withNegated: false },
      ...machineFlags,
      depths: {
        kind: "parsed",
        parse: dottedBinding("rows=8"),
        brief: "Slots of the channels that one node writes",
        placeholder: "ID=N",
        variadic: true,
        optional: true,
      },
      pmuBandwidth: {
        kind: "parsed",
        parse: integerFrom(1, 2 ** 20),
        brief: "Bytes that an on-chip memory moves per cycle",
        placeholder: "N",
        default: "64",
      },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [programArgument] },
  },
  func: presenting<StepSimulateFlags, [string]>("step-simulate", async (flags, place, name) => {
    const { folder } = place.host;
    const program = loadProgram(folder, name);
    const given = await readInputs(folder, flags);
    const sources = fillSources(program, given.sources);
    const machine = machineOf(flags, place);
    const mode = flags.check === true ? "functional" : flags.mode;
    const tensors: ProgramTensors = mode === "functional" ? await readTensors(program, flags, place) : {};
    place.progress.begin(`simulating ${program.name}`);
    const run = simulateProgram(
      program,
      { sources, tensors },
      { ...machine, mode, depths: depthsOf(program, flags), memoryUnitBytesPerCycle: flags.pmuBandwidth },
    );
    place.kept?.view("graph", program.name, stepGraphView(program, run.report));
    place.kept?.view("counters", "Counters", countersOf(run.report));
    keepTimeline(machine.timeline, flags, place);
    const differing =
      flags.check === true && run.report.deadlock === null ? checkRun(program, { sources, tensors }, run) : null;
    const described = describeRun(program, run, { mode, memory: flags.memory, differing, ...bytesOf(program, run) });
    const failed = run.report.deadlock !== null || (differing !== null && differing.differing > 0);
    return { status: failed ? 3 : 0, ...described };
  }),
});

function depthsOf(program: Program, flags: StepSimulateFlags): Record<string, number> {
  return Object.fromEntries(
    [...bindingTable("--depths", flags.depths ?? [])].map(([id, text]) => {
      if (program.node(id) === undefined)
        throw new MillraceError("argument", `--depths: the program has no node '${id}'`);
      return [id, integerFrom(1, 2 ** 24)(text)];
    }),
  );
}

/** The symbolic metrics under what the run measured, by the paper's rules. */
function bytesOf(program: Program, { measured }: TimedResults) {
  const allocated = analyze(program);
  const onDemand = analyze(program, { count: "on-demand" });
  return {
    offChipBytes: measuredValue(allocated.offChipBytes, measured) ?? null,
    onChipBytes: {
      allocated: measuredValue(allocated.onChipBytes, measured) ?? null,
      onDemand: measuredValue(onDemand.onChipBytes, measured) ?? null,
    },
    computeBandwidth: allocated.computeBandwidth,
  };
}
