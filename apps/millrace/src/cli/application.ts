/** The tree of commands: `millrace AREA VERB`. A new subsystem adds its area here. */
import { type Application, buildApplication, buildRouteMap, help, version } from "@stricli/core";
import { agent } from "../commands/agent/agent.ts";
import { dram } from "../commands/dram/dram.ts";
import { embed } from "../commands/embed/embed.ts";
import { fuse } from "../commands/fuse/fuse.ts";
import { kernel } from "../commands/kernel/kernel.ts";
import { model } from "../commands/model/model.ts";
import { moe } from "../commands/moe/moe.ts";
import { run } from "../commands/run/run.ts";
import { stages } from "../commands/run/stages.ts";
import { sam } from "../commands/sam/sam.ts";
import { step } from "../commands/step/step.ts";
import { studio } from "../commands/studio/studio.ts";
import { sweep } from "../commands/sweep/sweep.ts";
import { tensor } from "../commands/tensor/tensor.ts";
import { tour } from "../commands/tour.ts";
import { tune } from "../commands/tune/tune.ts";
import { completion } from "./completion.ts";
import type { Fault } from "./fault.ts";
import type { Invocation } from "./outcome.ts";
import { collectingText } from "./usage-text.ts";
import { packageVersion } from "./version.ts";

const exitStatuses = "Exit status: 0 done; 1 a fault of ours; 2 wrong input; 3 a check failed; 130 interrupted.";

const root = buildRouteMap<string, Invocation>({
  routes: {
    tour,
    run,
    stages,
    kernel,
    sam,
    model,
    fuse,
    step,
    embed,
    dram,
    moe,
    tensor,
    tune,
    sweep,
    agent,
    studio,
    completion,
  },
  docs: {
    brief: "A workbench for dynamic and sparse tensor programs on streaming hardware",
    fullDescription: `Compiles sparse models, streaming tensor programs and kernels, simulates them on timed models of the hardware, tunes them,\nand shows where the time went.\n\n${exitStatuses}`,
  },
});

/** The application, whose faults go to `collect`; `command` names the command in the help that goes with them. */
export function millrace(collect: (fault: Fault) => void, command: string, color: boolean): Application<Invocation> {
  const formatting = {
    useAliasInUsageLine: true,
    onlyRequiredInUsageLine: true,
    caseStyle: "convert-camel-to-kebab",
  } as const;
  return buildApplication<Invocation>(
    root,
    {
      name: "millrace",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: { disableAnsiColor: !color },
      localization: { text: collectingText(collect, command) },
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

/** The words at the start of a command line that name a command or an area, with the program's name before them. */
export function commandOf(inputs: readonly string[]): string {
  const words = ["millrace"];
  let target: ReturnType<typeof root.getRoutingTargetForInput> = root;
  for (const word of inputs) {
    if (target === undefined || !("getRoutingTargetForInput" in target)) break;
    target = target.getRoutingTargetForInput(word);
    if (target !== undefined) words.push(word);
  }
  return words.join(" ");
}
