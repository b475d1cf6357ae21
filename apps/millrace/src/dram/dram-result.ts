/** What a run is summed up to: one figure for each question, per channel and for the whole memory. */
import { type DramChannel, originalCounters, tickPicoseconds } from "@millrace/sim-core";
import type { LossAccount, LossShares } from "./losses/loss-account.ts";
import { peakOfPart } from "./peak-bandwidth.ts";
import { bytesMoved, type DramRun } from "./run-trace.ts";

/** The sums of one channel. */
export interface ChannelResult {
  /** Requests taken. */
  readonly reads: number;
  readonly writes: number;
  /** How requests found their bank: with their row open, with another open, or closed. */
  readonly hits: number;
  readonly misses: number;
  readonly conflicts: number;
  readonly refreshes: number;
  /** Reads answered from a write that waits, and writes absorbed by one. */
  readonly forwarded: number;
  readonly coalesced: number;
  readonly commands: Readonly<Record<string, number>>;
  /** Ticks from arrival to data, as the original counts them. */
  readonly readLatencySum: number;
  /** Ticks that the data moved would take at the peak. */
  readonly busyCycles: number;
  /** Bytes per tick. */
  readonly bandwidth: number;
  readonly bytes: number;
  /** Where the peak went. */
  readonly losses: LossShares;
  /** Counters by their original names. */
  readonly counters: Readonly<Record<string, number>>;
}

/** The sums of a run. */
export interface DramResult {
  readonly channels: readonly ChannelResult[];
  readonly bytes: number;
  readonly nanoseconds: number;
  readonly achievedBytesPerCycle: number;
  readonly peakBytesPerCycle: number;
  readonly hits: number;
  readonly misses: number;
  readonly conflicts: number;
  /** Where the peak of all channels together went. */
  readonly losses: LossShares;
}

/** Sums up a run that `account` has watched. */
export function resultOf({ system, cycles }: DramRun, account: LossAccount): DramResult {
  const { spec } = system.configuration;
  const peak = peakOfPart(spec).bytesPerTick;
  const booked = account.close(cycles);
  const channels = system.channels.map((channel, at) =>
    channelResult(channel, { cycles, peak, losses: booked.channels[at]! }),
  );
  const total = (of: (channel: ChannelResult) => number): number => channels.reduce((sum, each) => sum + of(each), 0);
  const bytes = total((each) => each.bytes);
  return {
    channels,
    bytes,
    nanoseconds: (cycles * tickPicoseconds(spec)) / 1000,
    achievedBytesPerCycle: bytes / Math.max(1, cycles),
    peakBytesPerCycle: peak * channels.length,
    hits: total((each) => each.hits),
    misses: total((each) => each.misses),
    conflicts: total((each) => each.conflicts),
    losses: booked.total,
  };
}

interface ChannelRun {
  readonly cycles: number;
  readonly peak: number;
  readonly losses: LossShares;
}

function channelResult(channel: DramChannel, { cycles, peak, losses }: ChannelRun): ChannelResult {
  const { counters, spec } = channel;
  const bytes = bytesMoved(channel);
  const original = originalCounters(channel);
  const issued = spec.commands.map(({ name }, at): [string, number] => [name, counters.commands[at]!]);
  return {
    reads: counters.acceptedReads,
    writes: counters.acceptedWrites,
    hits: counters.readHits + counters.writeHits,
    misses: counters.readMisses + counters.writeMisses,
    conflicts: counters.readConflicts + counters.writeConflicts,
    refreshes: spec.commands.reduce((sum, { refreshes }, at) => sum + (refreshes ? counters.commands[at]! : 0), 0),
    forwarded: counters.forwarded,
    coalesced: counters.coalesced,
    commands: Object.fromEntries(issued.filter(([, count]) => count > 0)),
    readLatencySum: original.read_latency!,
    busyCycles: bytes / peak,
    bandwidth: bytes / Math.max(1, cycles),
    bytes,
    losses,
    counters: original,
  };
}
