/** What a run is summed up to: one figure for each question, per channel and for the whole memory. */
import {
  type CommandEnergies,
  type DramChannelSummary,
  type DramSystem,
  type EnergyReport,
  energyOf,
  originalCounters,
  summarizeChannel,
  tickPicoseconds,
} from "@millrace/sim-core";
import { type LossShares, lossShares } from "./loss-cause.ts";
import type { DramSetup } from "./setup.ts";

/** What one channel came to; plain values, which may cross threads. */
export interface ChannelOutcome {
  readonly summary: DramChannelSummary;
  /** Counters by their original names. */
  readonly counters: Readonly<Record<string, number>>;
}

/** What a run came to. */
export interface DramOutcome {
  readonly setup: Pick<DramSetup, "configuration" | "energies">;
  /** Ticks of the memory. */
  readonly cycles: number;
  readonly channels: readonly ChannelOutcome[];
}

/** What the channels of a system came to. */
export function channelOutcomes({ channels }: DramSystem): ChannelOutcome[] {
  return channels.map((channel) => ({ summary: summarizeChannel(channel), counters: originalCounters(channel) }));
}

/** The sums of one channel. */
export interface ChannelResult
  extends Pick<
    DramChannelSummary,
    | "reads"
    | "writes"
    | "hits"
    | "misses"
    | "conflicts"
    | "refreshes"
    | "forwarded"
    | "coalesced"
    | "commands"
    | "bytes"
  > {
  /** Ticks from arrival to data, as the original counts them. */
  readonly readLatencySum: number;
  /** Ticks that the data moved would take at the peak. */
  readonly busyCycles: number;
  /** Bytes per tick. */
  readonly bandwidth: number;
  /** Of its commands; absent where no currents are known. */
  readonly energyPicojoules?: EnergyReport;
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
  /** Of the commands of all channels; absent where no currents are known. */
  readonly energyPicojoules?: EnergyReport;
  /** Where the peak of all channels together went. */
  readonly losses: LossShares;
}

/** Sums up a run. */
export function resultOf({ setup, cycles, channels: outcomes }: DramOutcome): DramResult {
  const { energies, configuration } = setup;
  const summaries = outcomes.map(({ summary }) => summary);
  const channels = outcomes.map((outcome) => channelResult(outcome, energies));
  const total = (of: (channel: ChannelResult) => number): number => channels.reduce((sum, each) => sum + of(each), 0);
  const bytes = total((each) => each.bytes);
  return {
    channels,
    bytes,
    nanoseconds: (cycles * tickPicoseconds(configuration.spec)) / 1000,
    achievedBytesPerCycle: bytes / Math.max(1, cycles),
    peakBytesPerCycle: summaries.reduce((sum, each) => sum + each.peakBytesPerTick, 0),
    hits: total((each) => each.hits),
    misses: total((each) => each.misses),
    conflicts: total((each) => each.conflicts),
    ...(energies === undefined ? {} : { energyPicojoules: totalEnergy(channels) }),
    losses: lossShares(summaries),
  };
}

function totalEnergy(channels: readonly ChannelResult[]): EnergyReport {
  const total = (kind: keyof EnergyReport): number =>
    channels.reduce((sum, { energyPicojoules }) => sum + (energyPicojoules?.[kind] ?? 0), 0);
  return {
    activate: total("activate"),
    read: total("read"),
    write: total("write"),
    refresh: total("refresh"),
    commands: total("commands"),
  };
}

function channelResult({ summary, counters }: ChannelOutcome, energies: CommandEnergies | undefined): ChannelResult {
  const { reads, writes, hits, misses, conflicts, refreshes, forwarded, coalesced, commands, bytes } = summary;
  return {
    ...{ reads, writes, hits, misses, conflicts, refreshes, forwarded, coalesced, commands, bytes },
    readLatencySum: counters.read_latency!,
    busyCycles: bytes / summary.peakBytesPerTick,
    bandwidth: summary.bytesPerTick,
    ...(energies === undefined ? {} : { energyPicojoules: energyOf(commands, energies) }),
    losses: lossShares([summary]),
    counters,
  };
}
