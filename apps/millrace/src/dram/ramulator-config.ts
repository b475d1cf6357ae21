/**
 * Configurations in the YAML schema of Ramulator 2.0, taken as they are. Names of 2.1 are understood too.
 */
import type { Source } from "@millrace/ir-text";
import { type ClockRatio, type DramConfiguration, mappingNames, type Profile } from "@millrace/sim-core";
import { readPart } from "./ramulator-part.ts";
import type { DramSetup, TraceForm } from "./setup.ts";
import { parseYaml, type YamlShape } from "./yaml-shape.ts";

/**
 * The memory that a configuration describes; without `profile` that of Ramulator 2.0 where it has the part, else 2.1.
 *
 * @throws {DiagnosticError} for text that is no YAML, unknown keys and parts, and figures that do not fit
 */
export function readRamulatorConfig(source: Source, profile: Profile | undefined): DramSetup {
  const root = parseYaml(source);
  if (root.absent) root.refuse("the configuration is empty: expected Frontend and MemorySystem");
  root.allowOnly(["Frontend", "MemorySystem"]);
  const memory = root.member("MemorySystem").allowOnly(["impl", "clock_ratio", "DRAM", "Controller", "AddrMapper"]);
  if (memory.absent) memory.refuse("MemorySystem is missing");
  if (!memory.member("impl").absent) memory.member("impl").oneOf(["GenericDRAM"], "GenericDRAM");
  const remarks: string[] = [];
  const { energies, ...part } = readPart(memory.member("DRAM"), profile);
  const controller = readController(memory.member("Controller"), part.spec.profile, remarks);
  const mapper = memory.member("AddrMapper").allowOnly(["impl"]).member("impl");
  const passThrough = !mapper.absent && mapper.text() === "PassThroughAddrMapper";
  return {
    name: source.name,
    configuration: {
      ...part,
      ...controller.configuration,
      mapping: mapper.absent || passThrough ? "RoBaRaCoCh" : mapper.oneOf(mappingNames, "the name of a mapping"),
    },
    ratio: readRatio(root.member("Frontend"), memory),
    ...readFrontend(root.member("Frontend"), remarks),
    commands: controller.commands,
    ...(energies === undefined ? {} : { energies }),
    remarks,
  };
}

function readRatio(frontend: YamlShape, memory: YamlShape): ClockRatio {
  const ratioOf = (owner: YamlShape): number => {
    const ratio = owner.member("clock_ratio");
    return ratio.absent ? 1 : ratio.integer(1, 1024);
  };
  return { frontend: ratioOf(frontend), memory: ratioOf(memory) };
}

const forms: Readonly<Record<string, TraceForm>> = { LoadStoreTrace: "loadstore", ReadWriteTrace: "vector" };

function readFrontend(frontend: YamlShape, remarks: string[]): Pick<DramSetup, "trace" | "form"> {
  const impl = frontend.member("impl");
  if (impl.absent) return {};
  const form = forms[impl.text()];
  if (form === undefined) {
    // Cores and caches are no part of this; the requests of a trace stand in for theirs.
    remarks.push(`Frontend ${impl.text()} is not modelled: requests come from the trace alone`);
    return {};
  }
  frontend.allowOnly(["impl", "path", "clock_ratio"]);
  const path = frontend.member("path");
  return { form, trace: path.absent ? undefined : path.text() };
}

interface ControllerChoice {
  readonly configuration: Pick<DramConfiguration, "refresh" | "rowPolicy" | "cap" | "scheduler">;
  readonly commands: string | undefined;
}

const refreshes = { AllBank: "all-bank", NoRefresh: "none", HBM34PerBankRefresh: "per-bank" } as const;
const rowPolicies = { OpenRowPolicy: "open", Open: "open", ClosedRowPolicy: "closed", ClosedCAP: "closed" } as const;
const schedulers = { FRFCFS: "frfcfs", FRFCFSRowHit: "frfcfs-row-hit" } as const;

function readController(controller: YamlShape, profile: Profile, remarks: string[]): ControllerChoice {
  controller.allowOnly(["impl", "Scheduler", "RefreshManager", "RowPolicy", "plugins"]);
  const impl = controller.member("impl");
  if (!impl.absent) impl.oneOf(["Generic", "GenericDDR", "HBM12", "HBM34", "LPDDR5"], "the name of a controller");
  const chosen = <Value extends string>(
    shape: YamlShape,
    table: Readonly<Record<string, Value>>,
    usual: Value,
  ): Value => {
    const name = shape.member("impl");
    return name.absent ? usual : table[name.oneOf(Object.keys(table), "a known one")]!;
  };
  const rows = controller.member("RowPolicy").allowOnly(["impl", "cap"]);
  const cap = rows.member("cap");
  return {
    configuration: {
      scheduler: chosen(controller.member("Scheduler").allowOnly(["impl"]), schedulers, "frfcfs"),
      refresh: chosen(controller.member("RefreshManager").allowOnly(["impl"]), refreshes, "all-bank"),
      rowPolicy: chosen(rows, rowPolicies, "open"),
      cap: cap.absent ? (profile === "r20" ? 1 : 4) : cap.integer(1, 1_000_000),
    },
    commands: readPlugins(controller.member("plugins"), remarks),
  };
}

/** The path of the command log, if a plugin writes one. */
function readPlugins(plugins: YamlShape, remarks: string[]): string | undefined {
  let commands: string | undefined;
  for (const item of plugins.items()) {
    const plugin = item.allowOnly(["ControllerPlugin"]).member("ControllerPlugin");
    const impl = plugin.member("impl");
    const name = impl.oneOf(["TraceRecorder", "CmdTraceRecorder", "CommandCounter"], "a plugin that only watches");
    if (name === "CommandCounter") remarks.push("plugin CommandCounter is not needed: every run counts its commands");
    else commands = plugin.allowOnly(["impl", "path"]).member("path").text();
  }
  return commands;
}
