/** Flags of the commands on models. */
import {
  type FusionSchedule,
  type Granularity,
  type RegionSchedule,
  readSchedule,
  withBlock,
} from "@millrace/fuseflow-sparse";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, bindingTable, integerFrom } from "../../cli/flags.ts";
import type { Invocation, Workplace } from "../../cli/outcome.ts";
import { type PartFlag, partFlag } from "../../cli/part-flag.ts";
import { presets } from "../../dram/presets.ts";
import { MillraceError } from "../../errors.ts";
import { readWhole } from "../../files/read.ts";
import { type LoadedModel, type LoadRequest, loadModel } from "../../fuse/load-model.ts";
import { type MemoryName, machineMemory, parseMemory } from "../../inputs/machine-memory.ts";

/** What says which model is fused how, on what. */
export interface FuseFlags extends PartFlag {
  readonly input?: readonly Binding[] | undefined;
  readonly formats?: readonly Binding[] | undefined;
  readonly dims?: ReadonlyMap<string, number> | undefined;
  readonly schedule?: string | undefined;
  readonly fuse?: Granularity | "written" | "whole" | "chosen" | undefined;
  readonly block?: number | undefined;
  readonly memory?: MemoryName | undefined;
}

/** Definitions of {@link FuseFlags}. */
export const fuseFlags: FlagParametersForType<FuseFlags, Invocation> = {
  input: {
    kind: "parsed",
    parse: bindingLike("A=graph.mtx"),
    brief: "Operand: a tensor file, a number, or random:64x32:0.05",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  formats: {
    kind: "parsed",
    parse: parseFormats,
    brief: "How inputs are stored: d dense, s compressed: A=ss,X=ds; A=BCSR(4x4)",
    placeholder: "NAME=FORMAT,...",
    optional: true,
  },
  dims: {
    kind: "parsed",
    parse: parseSizes,
    brief: "Sizes that the model leaves open, where no input says them",
    placeholder: "NAME=N,...",
    optional: true,
  },
  ...partFlag,
  schedule: {
    kind: "parsed",
    parse: String,
    brief: "Regions, orders, lanes and formats as YAML or JSON",
    placeholder: "FILE",
    optional: true,
  },
  fuse: {
    kind: "enum",
    values: ["unfused", "partial", "full", "written", "whole", "chosen"],
    brief: "Regions without a schedule: as modelled, as written, one, the best",
    optional: true,
  },
  block: {
    kind: "parsed",
    parse: integerFrom(1, 64),
    brief: "Values in tiles of N x N; as inputs are stored unless given",
    placeholder: "N",
    optional: true,
  },
  memory: {
    kind: "parsed",
    parse: parseMemory,
    brief: "Memory: none (unless given), hbm-burst, dram:PRESET, dram:FILE.yaml",
    placeholder: "MEMORY",
    optional: true,
    proposeCompletions: () => ["none", "hbm-burst", ...new Set(presets.map(({ name }) => `dram:${name}`))],
  },
};

/** The MODEL argument. */
export const modelArgument: {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => string;
} = {
  brief: "Model file or program text (.ein), or gcn, graphsage, autoencoder, gpt",
  placeholder: "MODEL",
  parse: String,
};

function parseFormats(text: string): readonly Binding[] {
  return text.split(",").map(bindingLike("A=ss"));
}

function parseSizes(text: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const word of text.split(",")) {
    const [, name, size] = /^([A-Za-z_][\w.]*|\d[\w.]*)=([1-9]\d{0,8})$/.exec(word) ?? [];
    if (name === undefined || size === undefined) {
      throw new MillraceError("argument", `must be NAME=N, not "${word}"`, { help: "for example --dims n=64,s29=34" });
    }
    sizes.set(name, Number(size));
  }
  return sizes;
}

/** Loads the model that the flags are about. */
export function modelOf(
  name: string,
  flags: FuseFlags & { readonly seed: number },
  { run, place }: { readonly run: boolean; readonly place: Workplace },
): Promise<LoadedModel> {
  const { host, reading, progress } = place;
  const begin = (task: string): void => progress.begin(task);
  return loadModel(name, requestOf(flags, run), { folder: host.folder, reading, begin });
}

/** What the flags say of how a model is loaded. */
export function requestOf(flags: FuseFlags & { readonly seed: number }, run: boolean): LoadRequest {
  const { input = [], formats = [], dims = new Map<string, number>(), part, seed } = flags;
  return {
    inputs: bindingTable("--input", input),
    formats: bindingTable("--formats", formats),
    sizes: dims,
    ...(part !== undefined && { part }),
    seed,
    run,
  };
}

/** The schedule that the flags ask for; null where the best is to be found. */
export function scheduleOf(model: LoadedModel, flags: FuseFlags, place: Workplace): FusionSchedule | null {
  const schedule = regionsOf(model, flags, place);
  if (schedule === null || flags.block === undefined) return schedule;
  if (schedule.block !== undefined) throw new MillraceError("argument", "--schedule and --block both give a tile size");
  return withBlock(schedule, flags.block);
}

function regionsOf({ program, granularities }: LoadedModel, flags: FuseFlags, place: Workplace): FusionSchedule | null {
  if (flags.schedule !== undefined) {
    if (flags.fuse !== undefined) throw new MillraceError("argument", "--schedule and --fuse both say what is fused");
    const text = new TextDecoder().decode(readWhole(place.host.folder, flags.schedule));
    return readSchedule({ name: flags.schedule, text }, program);
  }
  const tensors = program.statements.map(({ tensor }) => tensor);
  const alone = tensors.map((tensor): RegionSchedule => ({ name: tensor, tensors: [tensor] }));
  switch (flags.fuse) {
    case undefined:
      if (program.regions !== undefined)
        return readSchedule({ name: "", text: JSON.stringify({ regions: program.regions }) }, program);
      return { regions: granularities.partial ?? alone };
    case "unfused":
      return { regions: granularities.unfused ?? alone };
    case "written":
      return readSchedule({ name: "", text: JSON.stringify({ regions: program.regions ?? [] }) }, program);
    case "whole":
      return { regions: [{ name: program.name, tensors }] };
    case "chosen":
      return null;
    default: {
      const regions = granularities[flags.fuse];
      if (regions !== undefined) return { regions };
      throw new MillraceError("argument", `this model does not say what ${flags.fuse} fusion is`, {
        help: "use --fuse whole, unfused or chosen, or a --schedule",
      });
    }
  }
}

/** The memory model of the flags, or of the schedule where they have none. */
export function memoryOf(
  flags: FuseFlags,
  schedule: Pick<FusionSchedule, "memory"> | null,
  place: Workplace,
): { readonly name: MemoryName; readonly memory: ReturnType<typeof machineMemory> } {
  const name = flags.memory ?? scheduledMemory(schedule?.memory, flags.schedule ?? "the schedule");
  return { name, memory: machineMemory(place.host.folder, name) };
}

function scheduledMemory(text: string | undefined, file: string): MemoryName {
  if (text === undefined) return "none";
  try {
    return parseMemory(text);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const { code, message, help } = error;
    throw new MillraceError(code, `${file}: memory ${message}`, help === undefined ? {} : { help });
  }
}
