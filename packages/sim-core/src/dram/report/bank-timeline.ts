/**
 * A recording of the banks that Perfetto opens: for each bank a line of open rows with its accesses, for each node that
 * refreshes as one a line of refreshes. One tick is written as one nanosecond.
 */
import { EventLog } from "../../timeline/event-log.ts";
import { EVENT_TYPE, PerfettoWriter } from "../../timeline/perfetto-writer.ts";
import { TrackTree } from "../../timeline/track-tree.ts";
import type { CommandObserver, IssuedCommand } from "../engine/channel-door.ts";
import type { DramSpec } from "../spec/dram-spec.ts";

/** What part of a run to record. */
export interface BankTimelineOptions {
  /** First tick. Default 0. */
  readonly from?: number;
  /** Tick after the last. Default: the end. */
  readonly until?: number;
  /** Most events to keep; the latest are dropped. Default 1,000,000. */
  readonly maximumEvents?: number;
}

interface OpenRow {
  readonly row: number;
  readonly from: number;
}

/** Records the commands of channels: make it their command observer, then `encode` it. */
export class BankTimeline implements CommandObserver {
  readonly #spec: DramSpec;
  readonly #log: EventLog;
  readonly #tracks: TrackTree = new TrackTree();
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #open = new Map<number, OpenRow>();
  #last = 0;

  constructor(spec: DramSpec, options: BankTimelineOptions = {}) {
    const { from = 0, until = Number.POSITIVE_INFINITY, maximumEvents = 1_000_000 } = options;
    this.#spec = spec;
    this.#log = new EventLog({ from, until, maximum: maximumEvents });
  }

  /** The tick from which events were dropped for their number; `null` if none were. */
  get truncatedAt(): number | null {
    return this.#log.truncatedAt;
  }

  issued({ channel, clk, command, bank, level, row }: IssuedCommand): void {
    const { name, opens, closes, refreshes, accesses } = this.#spec.commands[command]!;
    this.#last = Math.max(this.#last, clk);
    const track = this.#track(channel, level, bank);
    if (opens) this.#open.set(track, { row, from: clk });
    else if (refreshes) {
      const ticks = this.#refreshTicks(level);
      this.#log.slice(track, { from: clk, until: clk + ticks }, this.#name(name));
    } else if (accesses) this.#log.instant(track, clk, this.#name(name), 0);
    if (closes) this.#close(channel, level, bank, clk);
  }

  #refreshTicks(level: number): number {
    const { timing, bankLevel } = this.#spec;
    return (level === bankLevel ? timing.nRFCpb : undefined) ?? timing.nRFC ?? timing.nRFC1 ?? 1;
  }

  #close(channel: number, level: number, bank: number, clk: number): void {
    const { counts, bankLevel } = this.#spec;
    const banks = counts.slice(level + 1, bankLevel + 1).reduce((product, count) => product * count, 1);
    const first = bank - (bank % banks);
    for (let each = first; each < first + banks; each++) this.#endRow(this.#track(channel, bankLevel, each), clk);
  }

  #endRow(track: number, clk: number): void {
    const open = this.#open.get(track);
    if (open === undefined) return;
    this.#open.delete(track);
    this.#log.slice(track, { from: open.from, until: clk }, this.#name(`row ${open.row}`));
  }

  /** The trace file: open it in the Perfetto UI. The same run gives the same bytes. */
  encode(): Uint8Array {
    for (const track of [...this.#open.keys()]) this.#endRow(track, this.#last + 1);
    const writer = new PerfettoWriter();
    for (const track of this.#tracks.tracks) writer.track(track);
    for (const { kind, track, time, end, name } of this.#log.events()) {
      const type = kind === "slice" ? EVENT_TYPE.sliceBegin : EVENT_TYPE.instant;
      writer.begin(type, { track, time }, this.#names[name]!, 0);
      if (kind === "slice") writer.end(track, end);
    }
    return writer.finish();
  }

  #track(channel: number, level: number, bank: number): number {
    const { counts, levels, bankLevel } = this.#spec;
    const path: string[] = [];
    let rest = bank;
    for (let at = bankLevel; at > 0; at--) {
      if (at <= level) path.unshift(`${levels[at]!.toLowerCase()} ${rest % counts[at]!}`);
      rest = Math.floor(rest / counts[at]!);
    }
    return this.#tracks.node([`channel ${channel}`, path.join(", ") || "all banks"].join("/"));
  }

  #name(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
