/** Times of tokens of one expert after the other on PIM, command by command, refreshing included. */
import type { DramSpec } from "@millrace/sim-core";
import type { ExpertShapes } from "../device/expert-on-pim.ts";
import { gemvStream } from "./gemv-stream.ts";
import { PimChannel } from "./pim-channel.ts";
import { pimSpec } from "./pim-spec.ts";
import type { PimTiming } from "./timing.ts";

/** Runs tokens as they are asked for: each continues where the last ended, so asking again costs nothing. */
export class PimTokenTimes {
  /** Commands that were issued. */
  commands = 0;
  readonly #timing: PimTiming;
  readonly #channel: PimChannel;
  readonly #kinds: readonly number[];
  readonly #banks: readonly number[];
  readonly #rows: readonly number[];
  readonly #columns: readonly number[];
  /** [n]: ticks in which the last command of n tokens is issued. */
  readonly #ends: number[] = [0];
  /** Requests of one token. */
  readonly #perToken: number;
  #offered = 0;
  #issuedMoves = 0;
  readonly #movesPerToken: number;

  /** Each token is a gate-and-up product and a down product, in rows of their own. */
  constructor(shapes: ExpertShapes, timing: PimTiming, refresh: boolean) {
    this.#timing = timing;
    const spec: DramSpec = pimSpec(timing, 1);
    this.#channel = new PimChannel(spec, refresh ? timing.nREFI : 0);
    const requests = gemvStream({ shape: shapes.gateUp, channels: 1 });
    gemvStream({ shape: shapes.down, channels: 1, firstRow: 8192 }, requests);
    this.#kinds = requests.kind;
    this.#banks = requests.bank;
    this.#rows = requests.row;
    this.#columns = requests.column;
    this.#perToken = requests.size;
    const move = this.#channel.device.command("MVSB");
    this.#movesPerToken = requests.kind.filter((kind) => kind === 5).length;
    this.#channel.observer = (clk, command) => {
      this.commands += 1;
      if (command !== move) return;
      this.#issuedMoves += 1;
      if (this.#issuedMoves % this.#movesPerToken === 0) this.#ends.push(clk);
    };
  }

  /** Ticks of `tokens` tokens, from the start of a refresh interval. */
  cycles(tokens: number): number {
    while (this.#ends.length <= tokens) this.#step();
    return this.#ends[tokens]!;
  }

  /** The same in ns. */
  ns(tokens: number): number {
    return (this.cycles(tokens) * this.#timing.tCKps) / 1000;
  }

  // The next tokens are in the queue while one runs, as they would be in a stream without end.
  #step(): void {
    const channel = this.#channel;
    while (channel.hasRoom) {
      const at = this.#offered % this.#perToken;
      channel.offer(this.#kinds[at]!, this.#banks[at]!, this.#rows[at]!, this.#columns[at]!);
      this.#offered += 1;
    }
    channel.tick(channel.next);
  }
}
