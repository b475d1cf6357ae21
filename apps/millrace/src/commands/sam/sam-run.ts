/** `millrace sam run GRAPH`: simulates a dataflow graph, or a recorded case of one. */
import { dirname, join } from "node:path";
import { type LevelNumbering, type ReferenceCase, validateGraph } from "@millrace/fuseflow-sparse";
import { type Diagnostic, DiagnosticError, diagnosticsToJson, renderDiagnostics } from "@millrace/ir-text";
import type { Tensor } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { bindingTable, type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { keepTimeline } from "../../cli/timeline-flags.ts";
import { operandUses, packOperands } from "../../inputs/graph-operands.ts";
import { type LoadedGraph, loadGraph } from "../../inputs/load-graph.ts";
import { type OperandUse, readOperands } from "../../inputs/operands.ts";
import { readLevelFolder } from "../../inputs/read-level-folder.ts";
import { compareRecord, recordToText } from "../../simulation/compare-record.ts";
import { runToJson, runToText } from "../../simulation/describe-run.ts";
import { type GraphRun, runGraph } from "../../simulation/run-graph.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { keepRun } from "./keep-run.ts";
import { type SimulationFlags, settingsOf, simulationFlags } from "./simulation-flags.ts";

type SamRunFlags = CommonFlags &
  SimulationFlags & { readonly data?: string | undefined; readonly numbering: LevelNumbering };

/** The `sam run` command. */
export const samRun: Command<Invocation> = buildCommand<SamRunFlags, [string], Invocation>({
  docs: {
    brief: "Simulate a SAM graph on real operands",
    customUsage: [
      "GRAPH -i NAME=VALUE... [--fifo N] [--profile sam-sync|comal] [--memory hbm-burst|dram:PRESET]",
      "CASE.json",
    ],
    fullDescription: describe(
      "Simulates a dataflow graph cycle by cycle: Graphviz (.gv), Comal protobuf (.bin, .pbtxt) or JSON. A recorded case\n(.json) brings its operands along and is compared with its record. A deadlock ends with status 3 and says which queue\nsize frees it.",
      [
        "millrace sam run examples/graphs/spmv.gv -i B=examples/data/karate.mtx -i c=random:34:0.5",
        "millrace sam run examples/graphs/spmv.gv -i B=B.mtx -i c=c.tns --fifo 8 --timeline spmv.pftrace --json",
      ],
    ),
  },
  parameters: {
    flags: {
      data: {
        kind: "parsed",
        parse: String,
        brief: "Folder of level arrays (tensor_B_mode_0_crd, ...) for other operands",
        placeholder: "DIR",
        optional: true,
      },
      numbering: {
        kind: "enum",
        values: ["level", "mode"],
        brief: "What the numbers in their names count",
        default: "level",
      },
      ...simulationFlags,
      ...commonFlags,
    },
    aliases: { i: "input" },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Graph file, or a recorded case", placeholder: "GRAPH", parse: String }],
    },
  },
  func: presenting<SamRunFlags, [string]>("sam-run", async (flags, place, name) => {
    const loaded = loadGraph(place.host.folder, name);
    const { graph } = loaded;
    const warnings = warningsOf(loaded, place);
    const operands = await operandsOf(loaded, { flags, place, name });
    place.progress.begin(`simulating ${graph.name}`);
    const run = runGraph(
      graph,
      operands,
      settingsOf(flags, place, loaded.recorded === undefined ? "comal" : "sam-sync"),
    );
    await keepRun(run, flags.out, place);
    keepTimeline(run.settings.timeline, flags, place);
    return outcomeOf(run, loaded.recorded, warnings);
  }),
});

// Warnings do not stop a run, so they are told beside its result.
function warningsOf({ graph, places }: LoadedGraph, place: Workplace): readonly Diagnostic[] {
  const diagnostics = validateGraph(graph, places);
  if (diagnostics.some(({ severity }) => severity === "error")) throw new DiagnosticError(diagnostics);
  if (diagnostics.length > 0) place.note(renderDiagnostics(diagnostics).trimEnd());
  return diagnostics;
}

interface Request {
  readonly flags: SamRunFlags;
  readonly place: Workplace;
  readonly name: string;
}

async function operandsOf(
  { graph, recorded }: LoadedGraph,
  request: Request,
): Promise<Readonly<Record<string, Tensor>>> {
  const { flags, place, name } = request;
  const { folder } = place.host;
  const bindings = bindingTable("--input", flags.input ?? []);
  const uses = operandUses(graph);
  if (recorded !== undefined) addRecorded(bindings, uses, { recorded, folder: dirname(name) });
  const unbound = uses.filter((use) => !bindings.has(use.name)).map((use) => use.name);
  const { data, numbering } = flags;
  const stored = data === undefined ? {} : readLevelFolder(graph, unbound, { folder, name: data, numbering });
  const others = uses.filter((use) => !Object.hasOwn(stored, use.name));
  return {
    ...stored,
    ...packOperands(graph, await readOperands(others, bindings, { folder, seed: flags.seed, reading: place.reading })),
  };
}

// What the command line binds goes before what was recorded.
function addRecorded(
  bindings: Map<string, string>,
  uses: readonly OperandUse[],
  { recorded, folder }: { readonly recorded: ReferenceCase; readonly folder: string },
): void {
  for (const { name } of uses) {
    const input = recorded.inputs[name];
    if (bindings.has(name) || input === undefined) continue;
    bindings.set(name, input.file === undefined ? String(input.value) : join(folder, input.file));
  }
}

function outcomeOf(run: GraphRun, record: ReferenceCase | undefined, warnings: readonly Diagnostic[]): Outcome {
  const told = { warnings: diagnosticsToJson(warnings) as unknown as JsonValue };
  if (run.report.deadlock !== null || record === undefined) {
    const status = run.report.deadlock === null ? 0 : 3;
    return { status, json: () => runToJson(run, told), text: () => runToText(run) };
  }
  const recorded = compareRecord(run, record);
  return {
    status: recorded.equal ? 0 : 3,
    json: () => runToJson(run, { ...told, recorded: { ...recorded } }),
    text: () => `${runToText(run)}\n${recordToText(recorded)}`,
  };
}
