import { type CommandObserver, DramSystem, TimedFrontend } from "@millrace/sim-core";
import { channelOutcomes, type DramOutcome } from "../../src/dram/dram-result.ts";
import { loadSetup } from "../../src/dram/load-setup.ts";
import { changedSetup, type SetupChanges } from "../../src/dram/setup.ts";

/** A request of a test. */
export interface TestRequest {
  readonly address: number;
  readonly write: boolean;
  /** Ticks after the request before. */
  readonly gap: number;
}

/** Runs requests on a preset, `NAME` or `NAME/PROFILE`, with an observer that `watch` makes. */
export function runRequests(
  preset: string,
  requests: readonly TestRequest[],
  changes: SetupChanges = {},
  watch: (system: DramSystem) => CommandObserver | null = () => null,
): DramOutcome & { readonly system: DramSystem } {
  const [name = "", profile] = preset.split("/");
  const setup = changedSetup(loadSetup("", name, profile === "r20" ? "r20" : undefined), changes);
  const system = new DramSystem(setup.configuration);
  const observer = watch(system);
  for (const channel of system.channels) channel.commandObserver = observer;
  const frontend = new TimedFrontend(system);
  let arrival = 0;
  for (const { address, write, gap } of requests) {
    arrival += gap;
    frontend.submit(address, write, arrival);
  }
  const cycles = frontend.finish();
  return { setup, system, cycles, channels: channelOutcomes(system) };
}
