/**
 * A program as an objective: it gets the configuration as words, as TUNE_ variables and as JSON on standard input,
 * and prints what it measured.
 */
import { type Config, type MeasurementLayout, type Outcome, readMeasurement } from "@millrace/baco-tuner";
import type { Host } from "../../cli/host.ts";
import { checkPlaceholders, fillPlaceholders, shellQuoted, splitWords, wordOf } from "./command-line.ts";
import { machine } from "./machine.ts";
import type { EvaluationCall, Objective } from "./objective.ts";
import { checkProgram } from "./program-file.ts";
import { type ProgramRun, runProgram } from "./run-program.ts";

/** A program to tune. */
export interface CommandOptions {
  readonly command: string;
  /** Whether a shell reads the command. */
  readonly shell: boolean;
  readonly layout: MeasurementLayout;
  readonly parameters: readonly string[];
  /** What else its values depend on, as the user says. */
  readonly recorded: ReadonlyMap<string, string>;
}

/** The objective of a command. @throws {MillraceError} `argument` for a command that cannot be read. */
export function commandObjective(options: CommandOptions, host: Host): Objective {
  const { command, shell, parameters } = options;
  checkPlaceholders(command, parameters);
  const words = shell ? [] : splitWords(command);
  if (!shell && !words[0]!.includes("{")) checkProgram(words[0]!, host);
  return {
    environment: {
      command,
      ...machine(),
      ...Object.fromEntries(options.recorded),
    },
    async evaluate({ config, trial, timeout, stop }: EvaluationCall): Promise<Outcome | undefined> {
      const filled = shell
        ? ["/bin/sh", "-c", fillPlaceholders(command, config, shellQuoted)]
        : words.map((word) => fillPlaceholders(word, config));
      const environment = { ...host.environment, ...variablesOf(config), TUNE_TRIAL: String(trial) };
      const input = `${JSON.stringify(config)}\n`;
      const run = await runProgram({ words: filled, folder: host.folder, environment, input, timeout }, stop);
      return outcomeOf(run, options.layout, timeout);
    },
    close() {},
  };
}

function variablesOf(config: Config): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [`TUNE_${name}`, wordOf(value)]));
}

function outcomeOf(run: ProgramRun, layout: MeasurementLayout, timeout: number | undefined): Outcome | undefined {
  if (run.end === "timeout") return { ok: false, kind: "timeout", detail: `longer than ${(timeout ?? 0) / 1000} s` };
  if (run.end === "stopped") return undefined;
  if (run.end === "not-started") return { ok: false, kind: "crash", detail: run.complaint };
  if (run.status === 0) return readMeasurement(run.output, layout);
  const how = run.signal === null ? `exit status ${run.status}` : `signal ${run.signal}`;
  const complaint = run.complaint.trimEnd().split("\n").at(-1)!.slice(0, 200);
  return { ok: false, kind: "crash", detail: complaint === "" ? how : `${how}: ${complaint}` };
}
