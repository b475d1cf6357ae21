/**
 * What one channel did, in figures.
 */
import type { DramChannel } from "../engine/channel.ts";
import { transactionBytes } from "../spec/dram-spec.ts";
import { type BandwidthLosses, burstTicks, dataBuses } from "./bandwidth-losses.ts";

/** The figures of one channel; plain values. */
export interface DramChannelSummary {
  /** Ticks run. */
  readonly ticks: number;
  /** Requests taken. */
  readonly reads: number;
  readonly writes: number;
  /** How requests found their bank: with their row open, closed, or with another row open. */
  readonly hits: number;
  readonly misses: number;
  readonly conflicts: number;
  readonly refreshes: number;
  /** Reads answered from a waiting write, and writes absorbed by one. */
  readonly forwarded: number;
  readonly coalesced: number;
  /** Commands issued, by name; those never issued are left out. */
  readonly commands: Readonly<Record<string, number>>;
  /** Ticks from acceptance to the end of the data, summed over all reads taken. */
  readonly readLatencySum: number;
  /** Bytes moved by commands. */
  readonly bytes: number;
  readonly bytesPerTick: number;
  readonly peakBytesPerTick: number;
  /** Ticks of the data buses by cause; they add up to `dataBuses` times `ticks`. */
  readonly dataBuses: number;
  readonly losses: BandwidthLosses;
}

/** The figures of `channel` after the ticks run so far. */
export function summarizeChannel(channel: DramChannel): DramChannelSummary {
  const { spec, counters, clk } = channel;
  const issued = spec.commands.map(({ name }, i): [string, number] => [name, counters.commands[i]!]);
  const countOf = (chosen: "accesses" | "refreshes"): number =>
    spec.commands.reduce((sum, command, i) => sum + (command[chosen] ? counters.commands[i]! : 0), 0);
  const bytes = countOf("accesses") * transactionBytes(spec);
  return {
    ticks: clk,
    reads: counters.acceptedReads,
    writes: counters.acceptedWrites,
    hits: counters.readHits + counters.writeHits,
    misses: counters.readMisses + counters.writeMisses,
    conflicts: counters.readConflicts + counters.writeConflicts,
    refreshes: countOf("refreshes"),
    forwarded: counters.forwarded,
    coalesced: counters.coalesced,
    commands: Object.fromEntries(issued.filter(([, count]) => count > 0)),
    readLatencySum: counters.readLatency,
    bytes,
    bytesPerTick: clk === 0 ? 0 : bytes / clk,
    peakBytesPerTick: (dataBuses(spec) * transactionBytes(spec)) / burstTicks(spec),
    dataBuses: dataBuses(spec),
    losses: channel.losses.upTo(clk),
  };
}
