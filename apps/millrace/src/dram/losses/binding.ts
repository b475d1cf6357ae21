/**
 * Which timing constraint a command waited for last: the table of a spec against the times of the commands so far.
 */
import type { DramSpec, IssuedCommand } from "@millrace/sim-core";

/** Why a command could not be issued earlier than its ready time. */
export const FREE = 0;
export const TURNAROUND = 1;
export const BUS = 2;
export const ACTIVATION_WINDOW = 3;
export const REFRESHED = 4;
/** The row was opened for it, or the bank was closed for it: the wait goes on in that command. */
export const OPENED = 5;
export const CLOSED = 6;
/** The row that was there before had to stay open for its own minimum. */
export const OCCUPIED = 7;

const FIELDS = 5;

/** The times of the commands of one channel. */
export class Binding {
  /** Time from which the command last asked for was allowed, -1 if always. */
  ready = -1;
  /** What decided it. */
  why: number = FREE;
  readonly #spec: DramSpec;
  /** Per level: banks below a node, and the number of its first node. */
  readonly #banksBelow: number[] = [];
  readonly #firstNode: number[] = [];
  // Per command: rows of level, preceding, latency, window (0: among siblings) and reason, FIELDS numbers each.
  readonly #rows: readonly Int32Array[];
  // Per node and command, the times of the last #window issues as a ring, and how many there were.
  readonly #window: number;
  readonly #times: Float64Array;
  readonly #issues: Float64Array;

  constructor(spec: DramSpec) {
    this.#spec = spec;
    const { bankLevel, counts, commands, constraints } = spec;
    let nodes = 0;
    let width = 1;
    for (let level = 0; level <= bankLevel; level++) {
      if (level > 0) width *= counts[level]!;
      this.#firstNode.push(nodes);
      this.#banksBelow.push(counts.slice(level + 1, bankLevel + 1).reduce((product, count) => product * count, 1));
      nodes += width;
    }
    this.#rows = commands.map((_, following) =>
      Int32Array.from(
        constraints
          .filter((row) => row.following === following)
          .flatMap(({ level, preceding, latency, window, sibling }) => [
            level,
            preceding,
            latency,
            sibling ? 0 : window,
            reasonOf(spec, { preceding, following, level, sibling }),
          ]),
      ),
    );
    this.#window = constraints.reduce((most, row) => Math.max(most, row.window), 1);
    this.#times = new Float64Array(nodes * commands.length * this.#window);
    this.#issues = new Float64Array(nodes * commands.length);
  }

  /** Sets `ready` and `why` for a command that is about to be noted. */
  find(command: number, bank: number, lowest: number): void {
    let ready = -1;
    let why = FREE;
    const rows = this.#rows[command]!;
    for (let at = 0; at < rows.length; at += FIELDS) {
      const level = rows[at]!;
      if (level > lowest) continue;
      const window = rows[at + 3]!;
      const past =
        window === 0
          ? this.#latestSibling(level, bank, rows[at + 1]!)
          : this.#past(this.#nodeOf(level, bank), rows[at + 1]!, window);
      if (past < 0) continue;
      const time = past + rows[at + 2]!;
      if (time > ready) {
        ready = time;
        why = rows[at + 4]!;
      }
    }
    this.ready = ready;
    this.why = why;
  }

  /** Notes a command at the nodes it concerns. */
  note({ command, bank, level, clk }: IssuedCommand): void {
    const commands = this.#spec.commands.length;
    for (let at = 0; at <= level; at++) {
      const cell = this.#nodeOf(at, bank) * commands + command;
      this.#times[cell * this.#window + (this.#issues[cell]! % this.#window)] = clk;
      this.#issues[cell]! += 1;
    }
  }

  #nodeOf(level: number, bank: number): number {
    return this.#firstNode[level]! + Math.floor(bank / this.#banksBelow[level]!);
  }

  /** Time of the `back`-th last issue of a command at a node, -1 if there were not as many. */
  #past(node: number, command: number, back: number): number {
    const cell = node * this.#spec.commands.length + command;
    const issues = this.#issues[cell]!;
    return issues < back ? -1 : this.#times[cell * this.#window + ((issues - back) % this.#window)]!;
  }

  #latestSibling(level: number, bank: number, command: number): number {
    const count = this.#spec.counts[level]!;
    const own = this.#nodeOf(level, bank);
    const place = Math.floor(bank / this.#banksBelow[level]!) % count;
    let latest = -1;
    for (let node = own - place; node < own - place + count; node++) {
      if (node !== own) latest = Math.max(latest, this.#past(node, command, 1));
    }
    return latest;
  }
}

interface Row {
  readonly preceding: number;
  readonly following: number;
  readonly level: number;
  readonly sibling: boolean;
}

function reasonOf({ commands, bankLevel }: DramSpec, { preceding, following, level, sibling }: Row): number {
  const before = commands[preceding]!;
  const after = commands[following]!;
  const opening = before.opens || before.name === "ACT2";
  if (before.refreshes) return REFRESHED;
  if (after.accesses) {
    if (opening) return OPENED;
    if (!before.accesses) return BUS;
    return sibling || before.name[0] !== after.name[0] ? TURNAROUND : BUS;
  }
  if (after.opens && opening) return level === bankLevel ? OCCUPIED : ACTIVATION_WINDOW;
  if (after.opens && before.closes) return CLOSED;
  return OCCUPIED;
}
