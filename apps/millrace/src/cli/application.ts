/** The tree of commands: `millrace AREA VERB`. A new subsystem adds its area here. */
import {
  type Application,
  buildApplication,
  buildRouteMap,
  type Command,
  help,
  type RouteMap,
  version,
} from "@stricli/core";
import type { Fault } from "./fault.ts";
import type { Invocation } from "./outcome.ts";
import { collectingText } from "./usage-text.ts";
import { packageVersion } from "./version.ts";

type Area = Command<Invocation> | RouteMap<Invocation>;

// Loaded when it is asked for: all of them together are the whole workbench.
const areas: Readonly<Record<string, () => Promise<Area>>> = {
  tour: async () => (await import("../commands/tour.ts")).tour,
  run: async () => (await import("../commands/run/run.ts")).run,
  stages: async () => (await import("../commands/run/stages.ts")).stages,
  kernel: async () => (await import("../commands/kernel/kernel.ts")).kernel,
  sam: async () => (await import("../commands/sam/sam.ts")).sam,
  model: async () => (await import("../commands/model/model.ts")).model,
  fuse: async () => (await import("../commands/fuse/fuse.ts")).fuse,
  step: async () => (await import("../commands/step/step.ts")).step,
  embed: async () => (await import("../commands/embed/embed.ts")).embed,
  dram: async () => (await import("../commands/dram/dram.ts")).dram,
  moe: async () => (await import("../commands/moe/moe.ts")).moe,
  tensor: async () => (await import("../commands/tensor/tensor.ts")).tensor,
  tune: async () => (await import("../commands/tune/tune.ts")).tune,
  sweep: async () => (await import("../commands/sweep/sweep.ts")).sweep,
  agent: async () => (await import("../commands/agent/agent.ts")).agent,
  studio: async () => (await import("../commands/studio/studio.ts")).studio,
  completion: async () => (await import("./completion.ts")).completion,
};

const exitStatuses = "Exit status: 0 done; 1 a fault of ours; 2 wrong input; 3 a check failed; 130 interrupted.";

/** The commands that a command line may mean: those of the area that it names, all of them if it names none. */
export async function commandsFor(inputs: readonly string[]): Promise<RouteMap<Invocation>> {
  const completing = inputs[0] === "__complete";
  const words = completing ? inputs.slice(1) : inputs;
  // The version is the same everywhere: the area that is loaded soonest will do. A last word may still become another.
  const named = words[0] === "--version" ? "completion" : words[0];
  const known = named !== undefined && Object.hasOwn(areas, named) && !(completing && words.length === 1);
  const wanted = known ? [named] : Object.keys(areas);
  return buildRouteMap<string, Invocation>({
    routes: Object.fromEntries(await Promise.all(wanted.map(async (name) => [name, await areas[name]!()] as const))),
    docs: {
      brief: "A workbench for dynamic and sparse tensor programs on streaming hardware",
      fullDescription: `Compiles sparse models, streaming tensor programs and kernels, simulates them on timed models of the hardware, tunes them,\nand shows where the time went. Begin with: millrace tour. Examples of a command: millrace COMMAND --help.\n\n${exitStatuses}`,
    },
  });
}

/** What an application needs to know of one run. */
export interface ApplicationOptions {
  /** The words of the command line. */
  readonly inputs: readonly string[];
  readonly collect: (fault: Fault) => void;
  readonly color: boolean;
}

/** The application of some commands, whose faults go to `collect`; help that goes with these names the command of `inputs`. */
export function millrace(
  commands: RouteMap<Invocation>,
  { inputs, collect, color }: ApplicationOptions,
): Application<Invocation> {
  const formatting = {
    useAliasInUsageLine: true,
    onlyRequiredInUsageLine: true,
    caseStyle: "convert-camel-to-kebab",
  } as const;
  return buildApplication<Invocation>(
    commands,
    {
      name: "millrace",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: { disableAnsiColor: !color },
      localization: { text: collectingText(collect, commandOf(commands, inputs)) },
    },
    {
      help: help({ brief: "Print this help", formatting, complete: true, defaultForRouteMap: true }),
      version: version({
        brief: "Print the version",
        info: { currentVersion: packageVersion },
        alias: false,
        complete: true,
      }),
    },
  );
}

// The words at the start of a command line that name a command or an area, with the program's name before them.
function commandOf(commands: RouteMap<Invocation>, inputs: readonly string[]): string {
  const words = ["millrace"];
  let target: ReturnType<typeof commands.getRoutingTargetForInput> = commands;
  for (const word of inputs) {
    if (target === undefined || !("getRoutingTargetForInput" in target)) break;
    target = target.getRoutingTargetForInput(word);
    if (target !== undefined) words.push(word);
  }
  return words.join(" ");
}
