/** What a command line asks to tune: a space with its settings, and what evaluates it. */
import { gunzipSync } from "node:zlib";
import {
  type MeasurementLayout,
  type MeasurementTable,
  readKernelTunerCache,
  readRecordedSpace,
  readT4,
  type Scenario,
} from "@millrace/baco-tuner";
import { type Binding, bindingTable } from "../cli/flags.ts";
import type { Host } from "../cli/host.ts";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readWhole } from "../files/read.ts";
import { commandObjective } from "./evaluate/command-objective.ts";
import type { Objective } from "./evaluate/objective.ts";
import { tableObjective } from "./evaluate/table-objective.ts";
import { moduleObjective, spaceObjective } from "./evaluate/thread-objective.ts";
import { namingFile } from "./fault-in-file.ts";
import { readScenarioText } from "./scenario-file.ts";
import { openSpace, splitSpaceName } from "./spaces/catalogue.ts";
import type { SpaceRequest } from "./spaces/tuning-space.ts";

/** How clients evaluate; port 0 is any that is free. */
export type Serving = { readonly kind: "stdio" } | { readonly kind: "http"; readonly port: number };

/** The part of a command line that says what is tuned. */
export interface ProblemFlags {
  readonly command?: string | undefined;
  readonly shell?: boolean | undefined;
  readonly table?: string | undefined;
  readonly module?: string | undefined;
  readonly serve?: Serving | undefined;
  readonly pattern?: RegExp | undefined;
  /** What a space of the workbench is made for. */
  readonly input?: readonly Binding[] | undefined;
  readonly seed: number;
}

/** A problem that can be run. */
export interface Problem {
  readonly scenario: Scenario;
  /** What evaluates; without `evaluate` it is a client. */
  readonly objective: Objective | Pick<Objective, "environment">;
  /** The least value there is, where that is known. */
  readonly optimum?: number;
}

/** A file of a command line: text, expanded if it is gzip's. */
function readExpanded(folder: string, name: string): string {
  const bytes = readWhole(folder, name);
  try {
    return new TextDecoder().decode(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  } catch (cause) {
    throw new MillraceError("file-unreadable", `cannot expand ${name}: ${(cause as Error).message}`, { cause });
  }
}

/** Loads a problem. @throws {MillraceError} `argument` unless exactly one way of evaluating is given */
export async function loadProblem(
  name: string | undefined,
  flags: ProblemFlags,
  { place, recorded }: { readonly place: Workplace; readonly recorded: ReadonlyMap<string, string> },
): Promise<Problem> {
  const { host } = place;
  const space = name === undefined ? undefined : splitSpaceName(name);
  const given = (["command", "table", "module", "serve"] as const).filter((kind) => flags[kind] !== undefined);
  if (space !== undefined) {
    if (given.length === 0) return spaceProblem({ ...space, inputs: flags.input ?? [] }, flags, place);
    throw new MillraceError("argument", `${space.area}: brings its own evaluation; leave out --${given[0]}`);
  }
  if (flags.input !== undefined)
    throw new MillraceError("argument", "-i is for spaces of the workbench, such as kernel:EXPRESSION");
  if (given.length !== 1) {
    const found =
      given.length === 0 ? "nothing to evaluate" : `${given.map((kind) => `--${kind}`).join(" and ")} together`;
    throw new MillraceError("argument", `${found}: name one of --command, --table, --module and --serve`, {
      help: 'for example --command "./measure --tile {tile}"',
    });
  }
  if (flags.table !== undefined) return tableProblem(name, flags.table, place);
  if (name === undefined) throw new MillraceError("argument", "missing argument SCENARIO");
  const scenario = readScenarioText({ name, text: readExpanded(host.folder, name) }, place);
  const layout = measurementLayout(scenario, flags);
  if (flags.serve !== undefined) return { scenario, objective: { environment: Object.fromEntries(recorded) } };
  if (flags.module !== undefined) return { scenario, objective: moduleObjective(host.folder, flags.module, layout) };
  return { scenario, objective: programOf(scenario, flags, { layout, host, recorded }) };
}

/** How the measurements of a scenario are read. */
export function measurementLayout(
  { objectives, settings }: Scenario,
  { pattern }: Pick<ProblemFlags, "pattern">,
): MeasurementLayout {
  const { feasibilityName, feasibleText } = settings;
  return { objectives, feasibilityName, feasibleText, ...(pattern !== undefined && { pattern }) };
}

function programOf(
  scenario: Scenario,
  { command = "", shell = false }: ProblemFlags,
  { layout, host, recorded }: { layout: MeasurementLayout; host: Host; recorded: ReadonlyMap<string, string> },
): Objective {
  const parameters = scenario.space.parameters.map((parameter) => parameter.name);
  return commandObjective({ command, shell, layout, parameters, recorded }, host);
}

async function spaceProblem(
  named: Pick<SpaceRequest, "area" | "subject" | "inputs">,
  flags: ProblemFlags,
  place: Workplace,
): Promise<Problem> {
  bindingTable("-i", named.inputs);
  const request = { ...named, folder: place.host.folder, seed: flags.seed };
  const { scenario: fields } = await openSpace(request);
  const name = `${named.area}:${named.subject}`;
  const scenario = readScenarioText({ name, text: JSON.stringify(fields) }, place);
  return { scenario, objective: spaceObjective(request, measurementLayout(scenario, flags)) };
}

function tableProblem(name: string | undefined, tableName: string, place: Workplace): Problem {
  const { folder } = place.host;
  const text = readExpanded(folder, tableName);
  const given = name === undefined ? undefined : readScenarioText({ name, text: readExpanded(folder, name) }, place);
  const table = namingFile(tableName, () => readTable(text, given));
  const scenario = given ?? table.scenario;
  refuseOtherParameters(scenario, table, tableName);
  return { scenario, objective: tableObjective(table), optimum: table.best.value };
}

/** A table in one of the formats there are: they are told apart by their members. */
function readTable(text: string, scenario: Scenario | undefined): MeasurementTable {
  if (/"tune_params_keys"\s*:/.test(text)) return readKernelTunerCache(text);
  if (/"results"\s*:\s*\[/.test(text) && !/"format"\s*:/.test(text)) return readT4(text, scenario);
  return readRecordedSpace(text);
}

function refuseOtherParameters(scenario: Scenario, table: MeasurementTable, name: string): void {
  const recorded = new Set(table.scenario.space.parameters.map((parameter) => parameter.name));
  const asked = scenario.space.parameters.map((parameter) => parameter.name);
  const missing = [...recorded].filter((each) => !asked.includes(each));
  const unknown = asked.filter((each) => !recorded.has(each));
  if (missing.length + unknown.length === 0) return;
  const parts = [
    ...(unknown.length > 0 ? [`the table has no ${unknown.join(", ")}`] : []),
    ...(missing.length > 0 ? [`the scenario has no ${missing.join(", ")}`] : []),
  ];
  throw new MillraceError("argument", `${name} is of another space: ${parts.join("; ")}`, {
    help: "leave the scenario out: the table brings its own",
  });
}
