/** `millrace agent verify TASK PROGRAM`: judges one program. */
import { AsplError, type ProgramMetrics, type Verdict, Verifier } from "@millrace/aspl-agent";
import { buildCommand, type Command } from "@stricli/core";
import { loadGolden, loadTask } from "../../agent/load-tasks.ts";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { readText } from "../../files/read.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { formatCount } from "../../terminal/quantity.ts";

interface VerifyFlags extends CommonFlags {
  readonly task?: string | undefined;
  readonly compatible?: boolean | undefined;
  readonly golden?: string | undefined;
}

/** The `agent verify` command. */
export const agentVerify: Command<Invocation> = buildCommand<VerifyFlags, [string, string], Invocation>({
  docs: {
    brief: "Judge a program for a task: types, shapes, numbers, single use",
    customUsage: ["TASK PROGRAM [--compatible] [--json]"],
    fullDescription: describe(
      'TASK is JSON, or YAML in the form of the paper: its functions in PyTorch become formulas, its impl the reference.\nPROGRAM is an operator list ({"ops": [...], "ret": [...]}) or text in the paper\'s syntax. It is read as data and never\nexecuted. Inputs are drawn from the seed at two sets of sizes; expected outputs come from the task\'s reference program,\nor from recorded sets (--golden). The verdict is ok, parse, type, outputType, numeric, affine or limit; every verdict\nbut ok ends with status 3. A right program is run again as a streaming program in time, which must agree, and gives\ncycles and bytes.',
      [
        "millrace agent verify examples/agent/row-scale.json examples/agent/row-scale.step",
        "millrace agent verify tasks.json answer.json --task bmm/bmm_0 --compatible --json",
      ],
    ),
  },
  parameters: {
    flags: {
      task: {
        kind: "parsed",
        parse: String,
        brief: "Which task of a file that holds several",
        placeholder: "ID",
        optional: true,
      },
      compatible: {
        kind: "boolean",
        brief: "Count uses as published: returning a stream is none",
        optional: true,
        withNegated: false,
      },
      golden: {
        kind: "parsed",
        parse: String,
        brief: "Recorded inputs and outputs to judge by as well",
        placeholder: "FILE",
        optional: true,
      },
      ...commonFlags,
    },
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Task file, in JSON or in YAML", placeholder: "TASK", parse: String },
        { brief: "Program: operator list or paper's syntax", placeholder: "PROGRAM", parse: String },
      ],
    },
  },
  func: presenting<VerifyFlags, [string, string]>("agent-verify", (flags, { host }, taskFile, programFile) => {
    const task = loadTask(host.folder, taskFile, flags.task);
    const text = readText(host.folder, programFile);
    const recorded = flags.golden === undefined ? [] : loadGolden(host.folder, flags.golden, task);
    const verifier = withHint(() => {
      return new Verifier(task, {
        rule: flags.compatible ? "compatible" : "strict",
        recorded,
        seed: flags.seed,
        hardware: {},
      });
    });
    return verdictOutcome(programFile, verifier.verifyText(text));
  }),
});

function withHint<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof AsplError) || cause.code !== "tensor-sets") throw cause;
    throw new AsplError(cause.code, `${cause.message} (--golden FILE)`, { cause });
  }
}

function verdictOutcome(file: string, verdict: Verdict): Outcome {
  const { verdict: kind, at, message, place, value, worst, metrics } = verdict;
  const where = place === null ? "" : `:${place.line}:${place.column}`;
  const operator = at === null ? "" : ` (operator ${at})`;
  return {
    status: kind === "ok" ? 0 : 3,
    json: () => ({
      verdict: kind,
      at,
      message,
      place: place && { ...place },
      value,
      worst: worst && { ...worst },
      metrics: metrics && metricsJson(metrics),
    }),
    text: () =>
      kind === "ok"
        ? `${file}: ok, ${metrics!.operators} operators of which ${metrics!.copies} are Copies; ${costText(metrics!)}\n`
        : `${file}${where}: ${kind}: ${message}${operator}\n`,
  };
}

function metricsJson({ operators, copies, cost, untimed }: ProgramMetrics): JsonValue {
  return { operators, copies, ...(cost !== undefined && { ...cost }), ...(untimed !== undefined && { untimed }) };
}

function costText({ cost, untimed }: ProgramMetrics): string {
  if (cost === undefined) return `no cycles: ${untimed}`;
  const { cycles, onChipBytes, offChipBytes } = cost;
  return `${formatCount(cycles)} cycles, ${formatCount(onChipBytes)} bytes on chip, ${formatCount(offChipBytes)} off chip`;
}
