/**
 * Configurations in the YAML schema of Ramulator 2.0, taken as they are. Names of 2.1 are understood too.
 */
import type { Source } from "@millrace/ir-text";
import { type ClockRatio, type DramConfiguration, type DramSpec, mappingNames, type Profile } from "@millrace/sim-core";
import { type Preset, presetSpec, presets } from "./presets.ts";
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
  const part = readPart(memory.member("DRAM"), profile);
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

function readPart(dram: YamlShape, profile: Profile | undefined): { spec: DramSpec; channels: number } {
  dram.allowOnly(["impl", "org", "timing", "RFM"]);
  if (dram.absent) dram.refuse("MemorySystem.DRAM is missing");
  const org = dram.member("org");
  const timing = dram.member("timing");
  const preset = choosePreset(dram, profile);
  const spec = presetSpec(preset);
  const levels = spec.levels.map((level) => level.toLowerCase());
  org.allowOnly(["preset", "dq", "density", "channel_width", ...levels]);
  timing.allowOnly(["preset", ...Object.keys(spec.timing)]);
  for (const { key, value } of timing.members()) if (key !== "preset") mustEqual(value, spec.timing[key]!, preset);
  if (!org.member("dq").absent && spec.chipWidthBits !== null) mustEqual(org.member("dq"), spec.chipWidthBits, preset);
  const counts = spec.counts.map((count, at) => readCount(org.member(levels[at]!), count));
  const inChip = spec.standard.startsWith("HBM") ? 1 : 2;
  const capacity = (of: readonly number[]): number => of.slice(inChip).reduce((product, each) => product * each, 1);
  if (capacity(counts) !== capacity(spec.counts)) {
    org.refuse(
      `${levels.slice(inChip).join(" x ")} is ${counts.slice(inChip).join(" x ")}, which is not the capacity of ${preset.organisation}`,
      `its own is ${spec.counts.slice(inChip).join(" x ")}`,
    );
  }
  const width = org.member("channel_width");
  const channelWidthBits = width.absent ? spec.channelWidthBits : powerOfTwo(width, 4096);
  return { spec: { ...spec, counts, channelWidthBits }, channels: counts[0]! };
}

function readCount(shape: YamlShape, preset: number): number {
  return shape.absent ? preset : powerOfTwo(shape, 2 ** 30);
}

function powerOfTwo(shape: YamlShape, most: number): number {
  const value = shape.integer(1, most);
  if (!Number.isInteger(Math.log2(value))) shape.refuse(`${shape.name} must be a power of two, not ${value}`);
  return value;
}

/** The constraint tables are resolved: a figure may be repeated, not changed. */
function mustEqual(shape: YamlShape, value: number, preset: Preset): void {
  if (shape.integer(0, 2 ** 31 - 1) === value) return;
  shape.refuse(
    `${shape.name} is ${value} in ${preset.organisation} at ${preset.timing}, and cannot be changed here`,
    "give a resolved spec as JSON for other timings",
  );
}

function choosePreset(dram: YamlShape, profile: Profile | undefined): Preset {
  const candidates = presets.filter((each) => profile === undefined || each.profile === profile);
  const named = <Key extends "standard" | "organisation" | "timing">(
    from: readonly Preset[],
    key: Key,
    shape: YamlShape,
  ): readonly Preset[] => {
    const names = [...new Set(from.map((each) => each[key]))];
    const word = shape.oneOf(
      names,
      profile === undefined ? "that of a known part" : `that of a part of profile ${profile}`,
    );
    return from.filter((each) => each[key] === word);
  };
  const ofStandard = named(candidates, "standard", dram.member("impl"));
  const ofTiming = named(ofStandard, "timing", dram.member("timing").member("preset"));
  return named(ofTiming, "organisation", dram.member("org").member("preset"))[0]!;
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
