/**
 * Where the time of the data buses went: data, or one cause for every tick without.
 *
 * A gap on a bus is accounted for when the access after it is issued. In this order: while the channel held no request
 * it was idle; while a refresh was due or under way it is the refresh's; while a forbidden close stood first it is
 * head-of-line blocking. The rest belongs to what the access itself had to wait for: an activation window, the closing
 * and opening of its row, the turn of the bus from reading to writing or back, or the spacing of accesses.
 *
 * Whether there were requests is known for the channel, not for each bus: where a channel has two pseudo-channels and
 * one of them had nothing to do, its gap counts as the wait of its next access, most often as the opening of a row.
 */
import type { DramSpec } from "../spec/dram-spec.ts";

/** Ticks by cause, summed over the data buses of a channel; all of them together are buses times ticks. */
export interface BandwidthLosses {
  /** Moving data. */
  readonly data: number;
  /** Without any request, or after the last access. */
  readonly idle: number;
  readonly refresh: number;
  /** Waiting behind a command that may not be issued. */
  readonly headOfLine: number;
  /** Opening of a row held back because too many were opened shortly before. */
  readonly activationWindow: number;
  /** Closing another row and opening the right one. */
  readonly rowConflict: number;
  /** Opening a row of a closed bank. */
  readonly rowOpening: number;
  /** Between reads and writes. */
  readonly turnaround: number;
  /** Between accesses in one direction to open rows: bank groups, ranks, command slots. */
  readonly bus: number;
}

/** How an access found its row when its request was first served. */
export type RowState = "hit" | "miss" | "conflict";

/** What an access may have waited for. */
export interface AccessCause {
  readonly state: RowState;
  /** Ticks for which an activation window held back the opening of its row. */
  readonly windowed: number;
  /** Tick from which its row was open for it. */
  readonly rowReady: number;
}

/** The account of one channel. */
export class LossAccount {
  readonly #burst: number;
  // Bits of a bank's number below its bus.
  readonly #busShift: number;
  // Per data bus: tick up to which all is accounted for, and whether the last access was a write.
  readonly #end: Float64Array;
  readonly #wrote: Uint8Array;
  #data = 0;
  #idle = 0;
  #refresh = 0;
  #headOfLine = 0;
  #window = 0;
  #conflict = 0;
  #opening = 0;
  #turnaround = 0;
  #bus = 0;
  // The latest stretches with a cause of their own: requests held, a refresh on, a close forbidden.
  #busySince = 0;
  #refreshFrom = 0;
  #refreshUntil = 0;
  #heldFrom = 0;
  #heldUntil = 0;

  /** `banks` is the number of banks of the channel. */
  constructor(spec: DramSpec, banks: number) {
    const buses = dataBuses(spec);
    this.#burst = burstTicks(spec);
    this.#busShift = Math.log2(banks / buses);
    this.#end = new Float64Array(buses);
    this.#wrote = new Uint8Array(buses);
  }

  /** The channel got a request after tick `clk`, having had none. */
  requestsFrom(clk: number): void {
    this.#busySince = clk;
  }

  /** A refresh is due at `clk`. */
  refreshDue(clk: number): void {
    if (clk > this.#refreshUntil) this.#refreshFrom = clk;
    this.#refreshUntil = Math.max(this.#refreshUntil, clk);
  }

  /** A refresh occupies banks until `clk`. */
  refreshing(clk: number): void {
    if (clk > this.#refreshUntil) this.#refreshUntil = clk;
  }

  /** The first choice could not be issued over [from, until). */
  held(from: number, until: number): void {
    if (from > this.#heldUntil) this.#heldFrom = from;
    this.#heldUntil = until;
  }

  /** Ticks for which the bus of `bank` has had no data before an access in tick `clk`. */
  gapBefore(bank: number, clk: number): number {
    return clk - this.#end[bank >> this.#busShift]!;
  }

  /** An access to `bank` is issued in tick `clk` with no gap before it. */
  follow(bank: number, clk: number, write: boolean): void {
    const bus = bank >> this.#busShift;
    this.#wrote[bus] = write ? 1 : 0;
    this.#data += this.#burst;
    this.#end[bus] = Math.max(this.#end[bus]!, clk) + this.#burst;
  }

  /** An access to `bank` is issued in tick `clk` after a gap. */
  access(bank: number, clk: number, write: boolean, cause: AccessCause): void {
    const bus = bank >> this.#busShift;
    const end = this.#end[bus]!;
    const turned = (this.#wrote[bus] === 1) !== write;
    this.follow(bank, clk, write);
    let rest = clk - end;
    const idle = clamp(this.#busySince - end, rest);
    this.#idle += idle;
    rest -= idle;
    const refresh = overlap(end + idle, clk, this.#refreshFrom, this.#refreshUntil);
    this.#refresh += refresh;
    rest -= refresh;
    const held = Math.min(rest, overlap(end + idle, clk, this.#heldFrom, this.#heldUntil));
    this.#headOfLine += held;
    rest -= held;
    const windowed = Math.min(rest, cause.windowed);
    this.#window += windowed;
    rest -= windowed;
    const row = cause.state === "hit" ? 0 : clamp(cause.rowReady - (clk - rest), rest);
    rest -= row;
    if (cause.state === "conflict") this.#conflict += row;
    else this.#opening += row;
    if (turned) this.#turnaround += rest;
    else this.#bus += rest;
  }

  /** The account of ticks up to and including `clk`. */
  upTo(clk: number): BandwidthLosses {
    let data = this.#data;
    let idle = this.#idle;
    for (const end of this.#end) {
      if (end > clk) data -= end - clk;
      else idle += clk - end;
    }
    return {
      data,
      idle,
      refresh: this.#refresh,
      headOfLine: this.#headOfLine,
      activationWindow: this.#window,
      rowConflict: this.#conflict,
      rowOpening: this.#opening,
      turnaround: this.#turnaround,
      bus: this.#bus,
    };
  }
}

/** Data buses of a channel: each pseudo-channel has its own. */
export function dataBuses(spec: DramSpec): number {
  return /^pseudo/i.test(spec.levels[1] ?? "") ? spec.counts[1]! : 1;
}

/** Ticks for which one access occupies its data bus. */
export function burstTicks(spec: DramSpec): number {
  return spec.timing.nBL ?? spec.timing.nBL_min ?? 1;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

function overlap(from: number, until: number, otherFrom: number, otherUntil: number): number {
  return Math.max(0, Math.min(until, otherUntil) - Math.max(from, otherFrom));
}
