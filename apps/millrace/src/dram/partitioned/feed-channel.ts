/**
 * One channel of a memory with a trace and a frontend of its own: `NAME.ch0`, `NAME.ch1`, … Channels share nothing then, so
 * that they may run in any order and on any thread.
 */
import { readInput } from "../../files/read-input.ts";
import { type FedSystem, feedTrace, type RunWatch } from "../run-trace.ts";
import type { DramSetup, TraceForm } from "../setup.ts";

/** A trace in as many files as the memory has channels, and what to keep of its run; plain values. */
export interface PartitionedTrace {
  readonly folder: string;
  /** Name of the files up to `.ch0` and so on. */
  readonly name: string;
  /** How they are written; told by the first line of each where this is undefined. */
  readonly form: TraceForm | undefined;
  /** Name of the command logs, if they are to be written. */
  readonly commands: string | undefined;
  /** Whether to count what each bank does. */
  readonly banks: boolean;
}

/** Name of the file of `channel`. */
export function channelFile({ name }: PartitionedTrace, channel: number): string {
  return `${name}.ch${channel}`;
}

/**
 * Runs the requests of one channel.
 *
 * @throws {MillraceError} as `runTrace` does, and `trace-line` for a request to another channel
 */
export function feedChannel(
  setup: DramSetup,
  trace: PartitionedTrace,
  channel: number,
  watch: RunWatch,
): Promise<FedSystem> {
  const name = channelFile(trace, channel);
  const input = { name, chunks: readInput(trace.folder, name), form: trace.form };
  return feedTrace(setup, input, watch, channel);
}
