/**
 * Ordinary reads and PIM products in one channel, in turns: reads drain, all rows close, products run, all rows close,
 * reads go on. Refreshes that fall due are never locked out: a product opens no further row while one waits.
 */
import { DramSystem, type IssuedCommand } from "@millrace/sim-core";
import { SieveError } from "../errors.ts";
import { type GemvShape, gemvCommands, ROW_ACCESSES } from "./closed-form.ts";
import { pimSpec } from "./pim-spec.ts";
import type { PimTiming } from "./timing.ts";

/** What a channel has to do. */
export interface MixedLoad {
  readonly timing: PimTiming;
  /** Reads in order of their times: address within the channel, and first tick at which it may be offered. */
  readonly reads: readonly { readonly address: number; readonly arrival: number }[];
  readonly products: readonly GemvShape[];
  /** Reads that are taken up between two turns of PIM, while there are any. Default 32. */
  readonly readsPerTurn?: number;
  /** Products of one turn. Default 1. */
  readonly productsPerTurn?: number;
}

/** What came of it. */
export interface MixedRun {
  /** Tick of the last data or result. */
  readonly cycles: number;
  readonly readsDone: number;
  readonly productsDone: number;
  /** Changes from reads to products. */
  readonly turns: number;
  readonly refreshes: number;
  /** Most refresh intervals that a refresh was late. */
  readonly refreshDebt: number;
  /** Ticks from the offer of a read to its data, mean. */
  readonly readLatency: number;
}

/**
 * Runs the load on one channel.
 *
 * @throws {SieveError} `pim-stalled` if nothing goes on.
 */
export function runMixed(load: MixedLoad): MixedRun {
  return new MixedChannel(load).run();
}

const MOST_TICKS = 1e9;

class MixedChannel {
  readonly #load: MixedLoad;
  readonly #system: DramSystem;
  readonly #interval: number;
  #offered = 0;
  #readsDone = 0;
  #latency = 0;
  #lastData = 0;
  #productsDone = 0;
  #turns = 0;
  #refreshes = 0;
  #debt = 0;
  #clk = 0;

  constructor(load: MixedLoad) {
    this.#load = load;
    this.#interval = load.timing.nREFI;
    this.#system = new DramSystem({
      spec: pimSpec(load.timing, 1, true),
      channels: 1,
      mapping: "RoBaRaCoCh",
      refresh: "all-bank",
      rowPolicy: "open",
      cap: 4,
      scheduler: "frfcfs",
    });
    const channel = this.#channel;
    const refresh = channel.device.command("REFab");
    channel.commandObserver = { issued: (command: IssuedCommand) => this.#sees(command, refresh) };
    channel.completionObserver = {
      readDone: (ticket, depart) => {
        this.#readsDone += 1;
        this.#latency += depart - this.#load.reads[ticket]!.arrival;
        this.#lastData = Math.max(this.#lastData, depart);
      },
      writeDone: () => undefined,
    };
  }

  get #channel() {
    return this.#system.channels[0]!;
  }

  #sees({ command, clk }: IssuedCommand, refresh: number): void {
    if (command !== refresh) return;
    // Two pseudo-channels are refreshed for each interval.
    const due = (Math.floor(this.#refreshes / 2) + 1) * this.#interval;
    this.#debt = Math.max(this.#debt, (clk - due) / this.#interval);
    this.#refreshes += 1;
  }

  run(): MixedRun {
    const { reads, products, productsPerTurn = 1 } = this.#load;
    while (this.#readsDone < reads.length || this.#productsDone < products.length) {
      this.#serveReads();
      if (this.#productsDone >= products.length) continue;
      this.#takeOver();
      for (let turn = 0; turn < productsPerTurn && this.#productsDone < products.length; turn++) {
        this.#multiply(products[this.#productsDone]!);
        this.#productsDone += 1;
      }
      this.#handBack();
    }
    return {
      cycles: Math.max(this.#clk, this.#lastData),
      readsDone: this.#readsDone,
      productsDone: this.#productsDone,
      turns: this.#turns,
      refreshes: this.#refreshes,
      refreshDebt: this.#debt,
      readLatency: reads.length === 0 ? 0 : this.#latency / reads.length,
    };
  }

  /** Takes up the reads of a turn, or all that are left once no product waits. */
  #serveReads(): void {
    const { reads, products, readsPerTurn = 32 } = this.#load;
    const all = this.#productsDone >= products.length;
    const until = all ? reads.length : Math.min(reads.length, this.#readsDone + readsPerTurn);
    while (this.#readsDone < until) {
      this.#offer();
      if (!all && this.#waitingReads === 0) return;
      this.#advance(Math.max(this.#clk + 1, Math.min(this.#channel.next, this.#nextArrival())));
    }
  }

  get #waitingReads(): number {
    return this.#offered - this.#readsDone;
  }

  #nextArrival(): number {
    const { reads } = this.#load;
    const next = reads[this.#offered];
    return next === undefined || next.arrival <= this.#clk ? Number.POSITIVE_INFINITY : next.arrival;
  }

  #offer(): void {
    const { reads } = this.#load;
    while (this.#offered < reads.length && reads[this.#offered]!.arrival <= this.#clk) {
      const channel = this.#system.place(reads[this.#offered]!.address, false, this.#offered);
      if (!channel.hasRoom(false)) return;
      channel.offer(this.#system.offer);
      this.#offered += 1;
    }
  }

  #advance(clk: number): void {
    if (!(clk < MOST_TICKS))
      throw new SieveError("pim-stalled", `a mixed channel does nothing more after tick ${this.#clk}`);
    this.#channel.advance(clk);
    this.#clk = clk;
  }

  #takeOver(): void {
    this.#turns += 1;
    this.#channel.hold();
    while (!this.#channel.quiet) {
      this.#offer();
      this.#advance(Math.max(this.#clk + 1, Math.min(this.#channel.next, MOST_TICKS)));
    }
  }

  #handBack(): void {
    const { device } = this.#channel;
    if (device.openRow(0) >= 0) this.#issue("PREA", everywhere, -1, device.openRow(0));
    this.#channel.resume();
  }

  /**
   * Issues a command as soon as times and the controller's own refreshes allow; with `open`, only while that row is open in
   * all banks. Returns whether it did.
   */
  #issue(name: string, place: readonly number[], row: number, open = -1): boolean {
    const { device } = this.#channel;
    const command = device.command(name);
    const places = device.places(place);
    for (;;) {
      const clk = Math.max(this.#clk + 1, device.earliest(command, places));
      this.#advance(clk);
      if (open >= 0 && device.openRow(0) !== open) return false;
      // A refresh that came in between moves the command on; one that took this tick's bus as well.
      if (device.earliest(command, places) > clk || this.#channel.lastCommand === clk) continue;
      device.issue(command, places, clk, row);
      return true;
    }
  }

  /** One product; rows that a refresh has closed are opened again. */
  #multiply(shape: GemvShape): void {
    const { writes, macs, moves } = gemvCommands(shape);
    for (let write = 0; write < writes; write++) this.#issue("WRGB", [0, 0, write % 4, 0], -1);
    for (let mac = 0; mac < macs; mac++) {
      const row = Math.floor(mac / ROW_ACCESSES);
      do this.#open(row);
      while (!this.#issue("MACAB", everywhere, row, row));
    }
    for (let move = 0; move < moves; move++) this.#issue("MVSB", [0, Math.floor(move / 4) % 2, move % 4, 0], -1);
    this.#lastData = Math.max(this.#lastData, this.#clk);
  }

  #open(row: number): void {
    const { device } = this.#channel;
    if (device.openRow(0) === row) return;
    // While a refresh waits, it comes first: it closes what is open by itself.
    while (this.#channel.refreshDue) this.#advance(Math.max(this.#clk + 1, Math.min(this.#channel.next, MOST_TICKS)));
    if (device.openRow(0) >= 0) this.#issue("PREA", everywhere, -1, device.openRow(0));
    this.#issue("ACTAB", everywhere, row);
  }
}

const everywhere: readonly number[] = [-1, -1, -1, -1];
