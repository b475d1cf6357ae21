/**
 * One live line on a terminal: what is being done, how far, how fast, how long still.
 *
 * It is written to stderr, only when that is a terminal, and cleared before anything else is printed.
 */
import type { Host } from "../cli/host.ts";
import { formatCount, formatDuration } from "./quantity.ts";

const REDRAW_MILLISECONDS = 100;

/** The live line of one command. Silent off a terminal and with `--quiet`. */
export class Progress {
  readonly #host: Host;
  readonly #shown: boolean;
  #task = "";
  #started = 0;
  #drawn = Number.NEGATIVE_INFINITY;
  #onScreen = false;

  constructor(host: Host, quiet: boolean) {
    this.#host = host;
    this.#shown = host.stderr.terminal && !quiet;
  }

  /** Names the work that begins now. */
  begin(task: string): void {
    this.#task = task;
    this.#started = this.#host.now();
    this.#drawn = Number.NEGATIVE_INFINITY;
    this.#draw(this.#task);
  }

  /** Says how far the work is; `total` where it is known. Cheap enough for inner loops of a few thousand calls a second. */
  report(done: number, total: number | undefined, unit: string): void {
    if (!this.#shown) return;
    const now = this.#host.now();
    if (now - this.#drawn < REDRAW_MILLISECONDS) return;
    const elapsed = now - this.#started;
    const rate = elapsed > 0 ? (done / elapsed) * 1000 : 0;
    const counted = total === undefined ? formatCount(done) : `${formatCount(done)}/${formatCount(total)}`;
    const parts = [`${this.#task}: ${counted} ${unit}`, `${formatCount(rate)} ${unit}/s`];
    if (total !== undefined && rate > 0) parts.push(`${formatDuration(((total - done) / rate) * 1000)} left`);
    this.#draw(parts.join(", "));
  }

  /** Removes the line. */
  clear(): void {
    if (this.#onScreen) this.#host.stderr.write("\r\x1b[K");
    this.#onScreen = false;
  }

  #draw(line: string): void {
    if (!this.#shown) return;
    this.#drawn = this.#host.now();
    this.#onScreen = true;
    this.#host.stderr.write(`\r\x1b[K${line.slice(0, Math.max(1, this.#host.stderr.columns - 1))}`);
  }
}
