/** A memory to run traces on, as the command line and its file describe it. */
import type { ClockRatio, CommandEnergies, DramConfiguration, MappingName } from "@millrace/sim-core";

/** How a trace is written, and with it when its requests come. */
export type TraceForm = "loadstore" | "timed" | "vector" | "dramsim3";

/** Everything that decides the cycles of a run, but the trace. */
export interface DramSetup {
  /** What people called it: a preset or a file. */
  readonly name: string;
  readonly configuration: DramConfiguration;
  readonly ratio: ClockRatio;
  /** What the file says about its trace, if it does. */
  readonly trace?: string | undefined;
  readonly form?: TraceForm | undefined;
  /** Where the file wants the command log, if it does. */
  readonly commands?: string | undefined;
  /** Energy of the commands of one channel, where currents are known. */
  readonly energies?: CommandEnergies | undefined;
  /** What of the file has no effect here. */
  readonly remarks: readonly string[];
}

/** Departures from a setup that the command line asks for. */
export interface SetupChanges {
  readonly channels?: number | undefined;
  readonly mapping?: MappingName | undefined;
  readonly refresh?: DramConfiguration["refresh"] | undefined;
  readonly clockRatio?: ClockRatio | undefined;
}

/** A setup with changes. */
export function changedSetup(setup: DramSetup, changes: SetupChanges): DramSetup {
  const { configuration } = setup;
  const { channels = configuration.channels, mapping = configuration.mapping } = changes;
  const { refresh = configuration.refresh, clockRatio = setup.ratio } = changes;
  return { ...setup, ratio: clockRatio, configuration: { ...configuration, channels, mapping, refresh } };
}
