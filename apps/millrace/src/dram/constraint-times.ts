/** The constraint table of a part against the times of the commands of one channel so far. */
import type { DramSpec, IssuedCommand } from "@millrace/sim-core";

// Numbers per row: level, preceding command, latency, window (0: among siblings).
const FIELDS = 4;

/** The times of the commands of one channel, and what they allow. */
export class ConstraintTimes {
  readonly #spec: DramSpec;
  // Per level: banks below a node, and the number of its first node.
  readonly #banksBelow: number[] = [];
  readonly #firstNode: number[] = [];
  // Per command: the rows that it follows.
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
          ]),
      ),
    );
    this.#window = constraints.reduce((most, row) => Math.max(most, row.window), 1);
    this.#times = new Float64Array(nodes * commands.length * this.#window);
    this.#issues = new Float64Array(nodes * commands.length);
  }

  /** First tick that the table allows to a command, -1 for any. */
  earliest({ command, bank, level: lowest }: IssuedCommand): number {
    let ready = -1;
    const rows = this.#rows[command]!;
    for (let at = 0; at < rows.length; at += FIELDS) {
      const level = rows[at]!;
      if (level > lowest) continue;
      const window = rows[at + 3]!;
      const past =
        window === 0
          ? this.#latestSibling(level, bank, rows[at + 1]!)
          : this.#past(this.#nodeOf(level, bank), rows[at + 1]!, window);
      if (past >= 0) ready = Math.max(ready, past + rows[at + 2]!);
    }
    return ready;
  }

  /** Notes a command at the nodes above what it concerns. */
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
