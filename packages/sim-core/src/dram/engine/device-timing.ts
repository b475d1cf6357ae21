/**
 * When which command may be issued where, in one channel: the earliest tick per node of the device tree and command.
 *
 * Nodes are numbered level by level from the channel down; banks are numbered from 0 in tree order.
 */
import type { BankPlaces } from "../device/bank-places.ts";
import type { DramSpec } from "../spec/dram-spec.ts";
import { type ConstraintTable, tabulateConstraints } from "./constraint-table.ts";

/** Distance of a tick from the epoch at which the epoch is moved on; latencies reach no further than that again. */
const FARTHEST = 2 ** 29;

/**
 * The later of two ticks counted from one epoch, without a branch: which it is is anyone's guess in the inner loops.
 * Both are from 0 to 2^30.
 */
export function later(a: number, b: number): number {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
}

/** Ready times and issue histories of a channel. */
export class DeviceTiming {
  readonly banks: number;
  readonly #levels: number;
  readonly #commands: number;
  readonly #table: ConstraintTable;
  // Banks below a node of each level.
  readonly #banksBelow: Int32Array;
  // First node of each level; one more entry ends the last.
  readonly #firstNode: Int32Array;
  readonly #counts: readonly number[];
  // [bank, level]: number of the node.
  readonly #path: Int32Array;
  /** [command, node]: first tick, from `epoch`, at which the node lets the command be issued. Read only. */
  readonly ready: Int32Array;
  /** The tick that `ready` counts from, even; moved on before 32 bits run out. */
  epoch = 0;
  /** Per command, [bank, level]: cells of `ready` below the channel that may hold it back. */
  readonly cells: readonly Int32Array[];
  /** Per command, how many of these cells each bank has. */
  readonly cellsPerBank: Int32Array;
  // Per command, the commands whose readiness it may put off in banks other than its own, as a bit set.
  readonly #spreads: Int32Array;
  // The same for all banks and the channel: whether there is a row at all.
  readonly #reaches: Int32Array;
  // Per command, triples of level, window and latency of its rows on itself, at levels with a history.
  readonly #selfRows: readonly number[][];
  readonly #nodes: number;
  // [command, node, window]: the last ticks of issue, newest at #newest; only kept for windowed rows.
  readonly #history: Float64Array;
  readonly #newest: Int32Array;
  readonly #window: number;
  readonly #stopsAtScope: boolean;
  // Tick of the last issue.
  #lastIssue: number = Number.NEGATIVE_INFINITY;
  /** The longest wait after any issue. */
  readonly longest: number;

  /** `used` names, per command, whether the controller ever issues it. */
  constructor(spec: DramSpec, used: readonly boolean[]) {
    this.#table = tabulateConstraints(spec, used);
    this.#stopsAtScope = spec.profile === "r20";
    this.#levels = spec.bankLevel + 1;
    this.#commands = spec.commands.length;
    this.#counts = spec.counts;
    this.#firstNode = new Int32Array(this.#levels + 1);
    this.#banksBelow = new Int32Array(this.#levels);
    let nodes = 1;
    for (let level = 0; level < this.#levels; level++) {
      if (level > 0) nodes *= spec.counts[level]!;
      this.#firstNode[level + 1] = this.#firstNode[level]! + nodes;
    }
    this.banks = nodes;
    for (let level = 0; level < this.#levels; level++) {
      this.#banksBelow[level] = nodes / (this.#firstNode[level + 1]! - this.#firstNode[level]!);
    }
    this.#path = new Int32Array(nodes * this.#levels);
    for (let bank = 0; bank < nodes; bank++) {
      for (let level = 0; level < this.#levels; level++) {
        const node = this.#firstNode[level]! + Math.floor(bank / this.#banksBelow[level]!);
        this.#path[bank * this.#levels + level] = node;
      }
    }
    this.#nodes = this.#firstNode[this.#levels]!;
    const cells = this.#nodes * this.#commands;
    this.ready = new Int32Array(cells);
    this.#window = this.#table.windowed.window.reduce((most, window) => Math.max(most, window), 0);
    this.#history = new Float64Array(cells * this.#window).fill(Number.NEGATIVE_INFINITY);
    this.#newest = new Int32Array(cells);
    const checked = this.#table.checked.map((levels) => levels.filter((level) => level > 0));
    this.cellsPerBank = Int32Array.from(checked, (levels) => levels.length);
    this.cells = checked.map((levels, command) =>
      Int32Array.from({ length: nodes * levels.length }, (_, i) => {
        const bank = Math.floor(i / levels.length);
        return command * this.#nodes + this.#path[bank * this.#levels + levels[i % levels.length]!]!;
      }),
    );
    this.#spreads = this.#spreadsOf(spec);
    this.#selfRows = spec.commands.map((_, command) => this.#selfRowsOf(command));
    this.longest = this.#table.rows.reduce((most, row) => Math.max(most, row.latency), 0);
    this.#reaches = new Int32Array(this.#commands);
    for (const row of this.#table.rows) this.#reaches[row.preceding]! |= 1 << row.following;
  }

  #selfRowsOf(command: number): number[] {
    const own = this.#table.rows.filter(
      (row) => row.preceding === command && row.following === command && !row.sibling,
    );
    const windowed = new Set(own.filter((row) => row.window > 1).map((row) => row.level));
    return own
      .filter((row) => windowed.has(row.level))
      .flatMap(({ level, window, latency }) => [level, window, latency]);
  }

  #spreadsOf(spec: DramSpec): Int32Array {
    const spreads = new Int32Array(this.#commands);
    for (const row of this.#table.rows) {
      // Rows of the channel itself are kept apart, and those of a bank stay inside it.
      if (!row.sibling && (row.level === 0 || row.level === spec.bankLevel)) continue;
      spreads[row.preceding]! |= 1 << row.following;
    }
    return spreads;
  }

  /** Whether issuing `command` to a bank may put off `other` in another bank, the wait for the channel aside. */
  spreads(command: number, other: number): boolean {
    return (this.#spreads[command]! & (1 << other)) !== 0;
  }

  /** Ticks that `following` must wait in a bank after `preceding` there. */
  ownLatency(preceding: number, following: number): number {
    const rows = this.#table.rows.filter((row) => row.preceding === preceding && row.following === following);
    const own = rows.filter((row) => row.window === 1 && !row.sibling);
    return own.reduce((most, row) => Math.max(most, row.latency), 0);
  }

  /** Whether issuing `command` may put off `other` anywhere. */
  reaches(command: number, other: number): boolean {
    return (this.#reaches[command]! & (1 << other)) !== 0;
  }

  /** First tick at which the channel as a whole takes `command`. */
  channelReady(command: number): number {
    return this.epoch + this.ready[command * this.#nodes]!;
  }

  /** Banks below a node of `level`. */
  banksBelow(level: number): number {
    return this.#banksBelow[level]!;
  }

  /** First tick at which `command` may be issued to `bank`. */
  earliest(command: number, bank: number): number {
    const cells = this.cells[command]!;
    const count = this.cellsPerBank[command]!;
    const ready = this.ready;
    const end = (bank + 1) * count;
    let time = ready[command * this.#nodes]!;
    for (let i = bank * count; i < end; i++) time = later(time, ready[cells[i]!]!);
    return this.epoch + time;
  }

  /** Whether at `clk` nothing has to wait any more for what was issued. */
  quietAt(clk: number): boolean {
    if (this.#lastIssue + this.longest <= clk) return true;
    const { ready } = this;
    for (let cell = 0; cell < ready.length; cell++) if (this.epoch + ready[cell]! > clk) return false;
    return true;
  }

  /** Moves the epoch on if `clk` is far from it. */
  follow(clk: number): void {
    const distance = clk - this.epoch;
    if (distance < FARTHEST) return;
    // Half clocks are told apart by even and odd.
    const moved = distance - (distance % 2);
    const { ready } = this;
    // Times before the epoch all mean the same: now.
    for (let cell = 0; cell < ready.length; cell++) ready[cell] = Math.max(0, ready[cell]! - moved);
    this.epoch += moved;
  }

  /**
   * Ticks for which a window alone, a limit on issues in a stretch of time, holds `command` to `bank` back.
   *
   * Only windows of a command on itself are looked at, as those on opening rows are.
   */
  windowWait(command: number, bank: number): number {
    const rows = this.#selfRows[command]!;
    const size = this.#window;
    let limit = 0;
    let free = 0;
    for (let i = 0; i < rows.length; i += 3) {
      const cell = command * this.#nodes + this.#path[bank * this.#levels + rows[i]!]!;
      const window = rows[i + 1]!;
      const past = this.#history[cell * size + ((this.#newest[cell]! - window + 1 + size) % size)]!;
      const time = past + rows[i + 2]!;
      if (window > 1) {
        if (time > limit) limit = time;
      } else if (time > free) free = time;
    }
    const own = this.bankOwn(command, bank);
    return Math.max(0, limit - Math.max(own, free));
  }

  /** First tick at which `command` may be issued as far as the bank itself is concerned. */
  bankOwn(command: number, bank: number): number {
    return this.epoch + this.ready[command * this.#nodes + this.#path[(bank + 1) * this.#levels - 1]!]!;
  }

  /** First tick at which `command` may be issued to the node of `level` above `bank`, and to all that is below it. */
  earliestBelow(command: number, level: number, bank: number): number {
    const checked = this.#table.checked[command]!;
    const { ready } = this;
    const inside = this.#banksBelow[level]!;
    const first = bank - (bank % inside);
    let time = 0;
    for (let i = 0; i < checked.length; i++) {
      const at = checked[i]!;
      if (at <= level) {
        time = later(time, ready[command * this.#nodes + this.#path[bank * this.#levels + at]!]!);
      } else if (!this.#stopsAtScope) {
        for (let below = first; below < first + inside; below += this.#banksBelow[at]!) {
          time = later(time, ready[command * this.#nodes + this.#path[below * this.#levels + at]!]!);
        }
      }
    }
    return this.epoch + time;
  }

  /** First tick at which `nodes`, by level, all let `command` be issued, down to level `deepest`. */
  earliestOver(command: number, nodes: readonly Int32Array[], deepest: number): number {
    const levels = this.#table.checked[command]!;
    const { ready } = this;
    let time = 0;
    for (let i = 0; i < levels.length && levels[i]! <= deepest; i++) {
      const at = nodes[levels[i]!]!;
      for (let n = 0; n < at.length; n++) time = later(time, ready[command * this.#nodes + at[n]!]!);
    }
    return this.epoch + time;
  }

  /** Takes up the issue of `command` to `places` at `clk`. */
  issueOver(command: number, places: BankPlaces, clk: number): void {
    this.#lastIssue = clk;
    for (let level = 0; level < this.#levels; level++) {
      const nodes = places.nodes[level]!;
      const key = level * this.#commands + command;
      const { plain, windowed, sibling } = this.#table;
      if (plain.start[key] !== plain.start[key + 1]) {
        for (let n = 0; n < nodes.length; n++) this.#issuePlain(command, level, nodes[n]!, clk);
      }
      if (windowed.start[key] !== windowed.start[key + 1]) {
        for (let n = 0; n < nodes.length; n++) this.#issueWindowed(command, level, nodes[n]!, clk);
      }
      const beside = places.beside[level]!;
      for (let i = sibling.start[key]!; i < sibling.start[key + 1]!; i++) {
        const cell = sibling.following[i]! * this.#nodes;
        for (let n = 0; n < beside.length; n++) this.#raise(cell + beside[n]!, clk + sibling.latency[i]!);
      }
    }
  }

  /** Takes up the issue of `command` to `bank` at `clk`. */
  issue(command: number, bank: number, clk: number): void {
    this.#lastIssue = clk;
    const { start, following, latency } = this.#table.plain;
    const ready = this.ready;
    const levels = this.#levels;
    const nodes = this.#nodes;
    const now = (clk - this.epoch) | 0;
    for (let level = 0, key = command; level < levels; level++, key += this.#commands) {
      const end = start[key + 1]!;
      let i = start[key]!;
      if (i === end) continue;
      const node = this.#path[bank * levels + level]!;
      for (; i < end; i++) {
        const cell = following[i]! * nodes + node;
        ready[cell] = later(ready[cell]!, (now + latency[i]!) | 0);
      }
    }
    if (this.#table.irregular[command] === 0) return;
    for (let level = 0; level < levels; level++) {
      this.#issueWindowed(command, level, this.#path[bank * levels + level]!, clk);
      this.#issueBeside(command, level, bank, clk);
    }
  }

  /** Takes up the issue of `command` to the node of `level` above `bank` and to all that is below it. */
  issueBelow(command: number, level: number, bank: number, clk: number): void {
    this.#lastIssue = clk;
    for (let above = 0; above <= level; above++) {
      this.#issuePlain(command, above, this.#path[bank * this.#levels + above]!, clk);
      this.#issueWindowed(command, above, this.#path[bank * this.#levels + above]!, clk);
      this.#issueBeside(command, above, bank, clk);
    }
    const inside = this.#banksBelow[level]!;
    const first = bank - (bank % inside);
    for (let below = level + 1; below < this.#levels; below++) {
      const key = below * this.#commands + command;
      const { plain, windowed } = this.#table;
      if (plain.start[key] === plain.start[key + 1] && windowed.start[key] === windowed.start[key + 1]) continue;
      for (let at = first; at < first + inside; at += this.#banksBelow[below]!) {
        this.#issuePlain(command, below, this.#path[at * this.#levels + below]!, clk);
        this.#issueWindowed(command, below, this.#path[at * this.#levels + below]!, clk);
      }
    }
  }

  #issuePlain(command: number, level: number, node: number, clk: number): void {
    const { start, following, latency } = this.#table.plain;
    const key = level * this.#commands + command;
    for (let i = start[key]!; i < start[key + 1]!; i++)
      this.#raise(following[i]! * this.#nodes + node, clk + latency[i]!);
  }

  #issueWindowed(command: number, level: number, node: number, clk: number): void {
    const { start, following, latency, window } = this.#table.windowed;
    const key = level * this.#commands + command;
    if (start[key] === start[key + 1]) return;
    const size = this.#window;
    const cell = command * this.#nodes + node;
    const newest = (this.#newest[cell]! + 1) % size;
    this.#newest[cell] = newest;
    this.#history[cell * size + newest] = clk;
    for (let i = start[key]!; i < start[key + 1]!; i++) {
      const past = this.#history[cell * size + ((newest - window[i]! + 1 + size) % size)]!;
      this.#raise(following[i]! * this.#nodes + node, past + latency[i]!);
    }
  }

  /** Rows for the other children of the parent of the node of `level` above `bank`. */
  #issueBeside(command: number, level: number, bank: number, clk: number): void {
    const { start, following, latency } = this.#table.sibling;
    const key = level * this.#commands + command;
    if (start[key] === start[key + 1]) return;
    const own = this.#firstNode[level]! + Math.floor(bank / this.#banksBelow[level]!);
    const count = level === 0 ? 1 : this.#counts[level]!;
    const first = own - ((own - this.#firstNode[level]!) % count);
    for (let node = first; node < first + count; node++) {
      if (node === own) continue;
      for (let i = start[key]!; i < start[key + 1]!; i++) {
        this.#raise(following[i]! * this.#nodes + node, clk + latency[i]!);
      }
    }
  }

  #raise(cell: number, time: number): void {
    this.ready[cell] = Math.max(this.ready[cell]!, time - this.epoch);
  }
}
