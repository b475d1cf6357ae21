/**
 * When which command may be issued where, in one channel: the earliest tick per node of the device tree and command.
 */
import type { BankPlaces } from "../../device/bank-places.ts";
import type { DramSpec } from "../../spec/dram-spec.ts";
import { decidingRows } from "./constraint-table.ts";
import { DeviceTree } from "./device-tree.ts";
import { type IssueRows, issueRows, LONG_AGO, levelsWith, unrolled } from "./issue-rows.ts";
import { FARTHEST } from "./ticks.ts";

/** Cells for the waits of a command: a pair for each of four levels below the channel. */
const WAIT_CELLS = 8;
/** Nodes below the channel that are few enough to look at them all. */
const FEW = 4;
/** Rows that the loop of `issue` takes at once. */
const UNROLLED = 4;

/**
 * The later of two ticks counted from one epoch, without a branch: which it is is anyone's guess in the inner loops.
 * Both are from -2^30 to 2^30. Kept to this file, for then the compiler knows what it calls.
 */
const later = (a: number, b: number): number => {
  const difference = (b - a) | 0;
  return (a + (difference & ~(difference >> 31))) | 0;
};

/**
 * Ready times and issue histories of a channel. Ticks are counted from `epoch`, but for `follow`.
 */
export class DeviceTiming {
  readonly tree: DeviceTree;
  readonly banks: number;
  /**
   * All that issuing and asking look at, in one array: [command, node], the first tick at which the node lets the command be
   * issued, 0 at one more cell; then the waits of each command and the rows that issuing it goes through. Read only.
   */
  readonly cells: Int32Array;
  /** The tick that others are counted from, even. */
  epoch = 0;
  /**
   * Place of the waits: `waits + (command << 3)` and on there are four pairs of a cell and a shift. The cells below the
   * channel that may hold a command to a bank back are `cell + (bank >> shift)`. Unused ones lead to the cell that is 0.
   */
  readonly waits: number;
  /** [command]: how many of those there are, at least one. */
  readonly waitLevels: Uint8Array;
  /** The longest wait after any issue. */
  readonly longest: number;
  readonly #nodes: number;
  readonly #levels: number;
  readonly #stopsAtScope: boolean;
  // Rows from the last issue at the node itself, from an earlier one there, and for the other children of its parent.
  readonly #plain: IssueRows;
  readonly #windowed: IssueRows;
  readonly #sibling: IssueRows;
  // The plain rows again, as triples of cell, shift and latency: those of a command are cells [#stepStart[c],
  // #stepStart[c + 1]), filled up to whole runs of the loop by rows that change nothing.
  readonly #stepStart: Int32Array;
  // Ready times: cells [0, #readyCells).
  readonly #readyCells: number;
  // Per command, the levels at which it has rows for the node itself, windowed ones of these, and rows for its siblings.
  readonly #ownLevels: readonly Int32Array[];
  readonly #windowLevels: readonly Int32Array[];
  readonly #besideLevels: readonly Int32Array[];
  // Per command, the levels at which something may hold it back, from the top.
  readonly #checked: readonly Int32Array[];
  // Per command, the commands whose readiness it may put off in banks other than its own, as a bit set.
  readonly #spreads: Int32Array;
  // [command, 2]: the cells of the nodes below the channel, if the command may have to wait there and they are few.
  readonly #topCells: Int32Array;
  // As #spreads, with the channel as a whole.
  readonly #reachesOthers: Int32Array;
  // [command, node, window]: the last ticks of issue, newest at #newest; kept for windowed rows.
  readonly #history: Int32Array;
  readonly #newest: Int32Array;
  // [command, node]: when windows of the command on itself, and its last issue alone, let it be issued again.
  readonly #windowEnd: Int32Array;
  readonly #spacingEnd: Int32Array;
  // [command, level]: the wait after the last issue of the command itself, long ago if there is none.
  readonly #spacing: Int32Array;
  // Slots of a history, a power of two, less one.
  readonly #lastSlot: number;
  // Tick of the last issue.
  #lastIssue: number = LONG_AGO;

  /** `used` names, per command, whether the controller ever issues it. */
  constructor(spec: DramSpec, used: readonly boolean[]) {
    const rows = decidingRows(spec, used);
    const commands = spec.commands.length;
    this.tree = new DeviceTree(spec);
    const { tree } = this;
    this.banks = tree.banks;
    this.#nodes = tree.nodes;
    this.#levels = tree.levels;
    this.#stopsAtScope = spec.profile === "r20";
    const spare = commands * tree.nodes;
    this.#readyCells = spare + 1;
    this.waits = spare + 1;
    this.#plain = issueRows(
      tree,
      commands,
      rows.filter((row) => row.window === 1 && !row.sibling),
    );
    this.#windowed = issueRows(
      tree,
      commands,
      rows.filter((row) => row.window > 1 && !row.sibling),
    );
    this.#sibling = issueRows(
      tree,
      commands,
      rows.filter((row) => row.sibling),
    );
    const window = this.#windowed.window.reduce((most, each) => Math.max(most, each), 1);
    this.#lastSlot = 2 ** Math.ceil(Math.log2(window)) - 1;
    this.#history = new Int32Array(commands * tree.nodes * (this.#lastSlot + 1)).fill(LONG_AGO);
    this.#newest = new Int32Array(commands * tree.nodes);
    this.longest = rows.reduce((most, row) => Math.max(most, row.latency), 0);
    this.#checked = spec.commands.map((_, command) => {
      const levels = new Set(rows.filter((row) => row.following === command).map((row) => row.level));
      return Int32Array.from([...levels].sort((a, b) => a - b));
    });
    this.#windowEnd = new Int32Array(commands * tree.nodes).fill(LONG_AGO);
    this.#spacingEnd = new Int32Array(commands * tree.nodes).fill(LONG_AGO);
    this.#spacing = new Int32Array(commands * tree.levels).fill(LONG_AGO);
    for (const { preceding, following, level, latency, window: nth, sibling } of rows) {
      if (preceding !== following || nth > 1 || sibling) continue;
      const key = preceding * tree.levels + level;
      this.#spacing[key] = Math.max(this.#spacing[key]!, latency);
    }
    const firstStep = this.waits + commands * WAIT_CELLS;
    const [steps, stepStart] = unrolled(this.#plain, { commands, spare, run: UNROLLED });
    this.#stepStart = stepStart.map((start) => firstStep + start);
    this.cells = new Int32Array(firstStep + steps.length);
    this.cells.set(steps, firstStep);
    this.#ownLevels = levelsWith(rows, commands, (row) => !row.sibling);
    this.#windowLevels = levelsWith(rows, commands, (row) => row.window > 1 && !row.sibling);
    this.#besideLevels = levelsWith(rows, commands, (row) => row.sibling);
    this.#reachesOthers = new Int32Array(commands);
    this.#spreads = new Int32Array(commands);
    for (const { preceding, following, sibling, level } of rows) {
      if (sibling || level < spec.bankLevel) this.#reachesOthers[preceding]! |= 1 << following;
      // Rows of the channel itself are kept apart, and those of a bank stay inside it.
      if (sibling || (level > 0 && level < spec.bankLevel)) this.#spreads[preceding]! |= 1 << following;
    }
    for (let at = this.waits; at < firstStep; at += 2) this.cells.set([spare, 31], at);
    this.waitLevels = new Uint8Array(commands).fill(1);
    this.#topCells = new Int32Array(2 * commands);
    for (let command = 0; command < commands; command++) {
      const below = this.#checked[command]!.filter((each) => each > 0);
      this.waitLevels[command] = Math.max(1, below.length);
      for (const [i, level] of below.entries()) {
        const cell = command * tree.nodes + tree.first[level]!;
        this.cells.set([cell, tree.shift[level]!], this.waits + command * WAIT_CELLS + 2 * i);
      }
      if (below[0] !== 1 || tree.siblings[1]! > FEW) continue;
      this.#topCells[2 * command] = this.cells[this.waits + command * WAIT_CELLS]!;
      this.#topCells[2 * command + 1] = this.#topCells[2 * command]! + tree.siblings[1]!;
    }
  }

  /** Whether issuing `command` to a bank may put off `other` in another bank, the wait for the channel aside. */
  spreads(command: number, other: number): boolean {
    return (this.#spreads[command]! & (1 << other)) !== 0;
  }

  /** Whether issuing `command` to a bank may put off `other` in another bank. */
  reachesOthers(command: number, other: number): boolean {
    return (this.#reachesOthers[command]! & (1 << other)) !== 0;
  }

  /** First tick at which the channel as a whole takes `command`. */
  channelReady(command: number): number {
    return this.cells[command * this.#nodes]!;
  }

  /** Tick before which no node right below the channel takes `command`. */
  soonest(command: number): number {
    const { cells } = this;
    const top = this.#topCells;
    const end = top[2 * command + 1]!;
    let at = top[2 * command]!;
    if (at === end) return 0;
    let time = cells[at]!;
    for (at += 1; at < end; at++) if (cells[at]! < time) time = cells[at]!;
    return time;
  }

  /** Banks below a node of `level`. */
  banksBelow(level: number): number {
    return this.tree.banksBelow(level);
  }

  /** First tick at which `command` may be issued to `bank`. */
  earliest(command: number, bank: number): number {
    const { cells } = this;
    const at = this.waits + (command << 3);
    let time = cells[command * this.#nodes]!;
    time = later(time, cells[cells[at]! + (bank >> cells[at + 1]!)]!);
    time = later(time, cells[cells[at + 2]! + (bank >> cells[at + 3]!)]!);
    time = later(time, cells[cells[at + 4]! + (bank >> cells[at + 5]!)]!);
    time = later(time, cells[cells[at + 6]! + (bank >> cells[at + 7]!)]!);
    return time;
  }

  /** Whether at `clk` nothing has to wait any more for what was issued. */
  quietAt(clk: number): boolean {
    if (this.#lastIssue + this.longest <= clk) return true;
    const { cells } = this;
    for (let cell = 0; cell < this.#readyCells; cell++) if (cells[cell]! > clk) return false;
    return true;
  }

  /** Moves the epoch on if `tick`, absolute, is far from it. */
  follow(tick: number): void {
    if (tick - this.epoch >= FARTHEST) this.moveEpoch(tick - this.epoch);
  }

  /** Moves the epoch on by `distance`, or by one less to keep it even; returns by how much. */
  moveEpoch(distance: number): number {
    // Half clocks are told apart by even and odd.
    const moved = distance - (distance % 2);
    const { cells } = this;
    // Times before the epoch all mean the same: now.
    for (let cell = 0; cell < this.#readyCells; cell++) cells[cell] = Math.max(0, cells[cell]! - moved);
    for (const past of [this.#history, this.#windowEnd, this.#spacingEnd]) {
      for (let slot = 0; slot < past.length; slot++) past[slot] = Math.max(LONG_AGO, past[slot]! - moved);
    }
    this.#lastIssue = Math.max(2 * LONG_AGO, this.#lastIssue - moved);
    this.epoch += moved;
    return moved;
  }

  /**
   * Ticks after `from` for which a window alone, a limit on issues in a stretch of time, holds `command` to `bank` back.
   *
   * Only windows of a command on itself are looked at, as those on opening rows are.
   */
  windowWait(command: number, bank: number, from: number): number {
    const levels = this.#windowLevels[command]!;
    const base = command * this.#nodes;
    let limit = LONG_AGO;
    let free = later(from, this.cells[base + this.#bankNode(bank)]!);
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i]!;
      const cell = base + this.tree.first[level]! + (bank >> this.tree.shift[level]!);
      limit = later(limit, this.#windowEnd[cell]!);
      free = later(free, this.#spacingEnd[cell]!);
    }
    return limit > free ? limit - free : 0;
  }

  /** The `nth` last tick of issue of the command and the node of `cell`. */
  #past(cell: number, nth: number): number {
    const last = this.#lastSlot;
    return this.#history[cell * (last + 1) + ((this.#newest[cell]! - nth + 1) & last)]!;
  }

  #bankNode(bank: number): number {
    return this.tree.first[this.#levels - 1]! + bank;
  }

  /** First tick at which `command` may be issued as far as the bank itself is concerned. */
  bankOwn(command: number, bank: number): number {
    return this.cells[command * this.#nodes + this.#bankNode(bank)]!;
  }

  /** First tick at which `command` may be issued to the node of `level` above `bank`, and to all that is below it. */
  earliestBelow(command: number, level: number, bank: number): number {
    const { cells, tree } = this;
    const deepest = this.#stopsAtScope ? level : this.#levels - 1;
    const inside = tree.banksBelow(level);
    const start = bank - (bank % inside);
    let time = 0;
    for (const at of this.#checked[command]!) {
      if (at > deepest) break;
      const base = command * this.#nodes + tree.first[at]!;
      const last = at <= level ? start : start + inside - 1;
      for (let node = start >> tree.shift[at]!; node <= last >> tree.shift[at]!; node++) {
        time = later(time, cells[base + node]!);
      }
    }
    return time;
  }

  /** First tick at which `nodes`, by level, all let `command` be issued, down to level `deepest`. */
  earliestOver(command: number, nodes: readonly Int32Array[], deepest: number): number {
    const levels = this.#checked[command]!;
    const { cells } = this;
    let time = 0;
    for (let i = 0; i < levels.length && levels[i]! <= deepest; i++) {
      const at = nodes[levels[i]!]!;
      for (let n = 0; n < at.length; n++) time = later(time, cells[command * this.#nodes + at[n]!]!);
    }
    return time;
  }

  /** Takes up the issue of `command` to `places` at `clk`. */
  issueOver(command: number, places: BankPlaces, clk: number): void {
    this.#lastIssue = clk;
    for (let level = 0; level < this.#levels; level++) {
      const first = this.tree.first[level]!;
      for (const node of places.nodes[level]!) this.#issueAt(command, level, node - first, clk);
      const { start, cell, latency } = this.#sibling;
      const key = command * this.#levels + level;
      for (let i = start[key]!; i < start[key + 1]!; i++) {
        for (const node of places.beside[level]!) this.#raise(cell[i]! + node - first, clk + latency[i]!);
      }
    }
  }

  /** Takes up the issue of `command` to `bank` at `clk`. */
  issue(command: number, bank: number, clk: number): void {
    this.#lastIssue = clk;
    const { cells } = this;
    const end = this.#stepStart[command + 1]!;
    for (let i = this.#stepStart[command]!; i < end; i = (i + UNROLLED * 3) | 0) {
      const at0 = (cells[i]! + (bank >> cells[i + 1]!)) | 0;
      const at1 = (cells[i + 3]! + (bank >> cells[i + 4]!)) | 0;
      const at2 = (cells[i + 6]! + (bank >> cells[i + 7]!)) | 0;
      const at3 = (cells[i + 9]! + (bank >> cells[i + 10]!)) | 0;
      cells[at0] = later(cells[at0]!, (clk + cells[i + 2]!) | 0);
      cells[at1] = later(cells[at1]!, (clk + cells[i + 5]!) | 0);
      cells[at2] = later(cells[at2]!, (clk + cells[i + 8]!) | 0);
      cells[at3] = later(cells[at3]!, (clk + cells[i + 11]!) | 0);
    }
    const windows = this.#windowLevels[command]!;
    for (let i = 0; i < windows.length; i++) {
      this.#issueWindowed(command, windows[i]!, bank >> this.tree.shift[windows[i]!]!, clk);
    }
    const besides = this.#besideLevels[command]!;
    for (let i = 0; i < besides.length; i++) {
      this.#issueBeside(command, besides[i]!, bank >> this.tree.shift[besides[i]!]!, clk);
    }
  }

  /** Takes up the issue of `command` to the node of `level` above `bank` and to all that is below it. */
  issueBelow(command: number, level: number, bank: number, clk: number): void {
    this.#lastIssue = clk;
    const { tree } = this;
    const inside = tree.banksBelow(level);
    const first = bank - (bank % inside);
    const levels = this.#ownLevels[command]!;
    for (let i = 0; i < levels.length; i++) {
      const at = levels[i]!;
      const shift = tree.shift[at]!;
      const last = at <= level ? first : first + inside - 1;
      for (let node = first >> shift; node <= last >> shift; node++) this.#issueAt(command, at, node, clk);
    }
    const besides = this.#besideLevels[command]!;
    for (let i = 0; i < besides.length && besides[i]! <= level; i++) {
      this.#issueBeside(command, besides[i]!, first >> tree.shift[besides[i]!]!, clk);
    }
  }

  /** Rows of `command` at node number `node` of `level`. */
  #issueAt(command: number, level: number, node: number, clk: number): void {
    const { start, cell, latency } = this.#plain;
    const key = command * this.#levels + level;
    for (let i = start[key]!; i < start[key + 1]!; i++) this.#raise(cell[i]! + node, clk + latency[i]!);
    this.#issueWindowed(command, level, node, clk);
  }

  #issueWindowed(command: number, level: number, node: number, now: number): void {
    const { start, cell, latency, window } = this.#windowed;
    const key = command * this.#levels + level;
    const end = start[key + 1]!;
    let i = start[key]!;
    if (i === end) return;
    const own = command * this.#nodes + this.tree.first[level]! + node;
    const newest = (this.#newest[own]! + 1) & this.#lastSlot;
    this.#newest[own] = newest;
    this.#history[own * (this.#lastSlot + 1) + newest] = now;
    this.#spacingEnd[own] = now + this.#spacing[key]!;
    for (; i < end; i++) {
      const time = this.#past(own, window[i]!) + latency[i]!;
      this.#raise(cell[i]! + node, time);
      if (cell[i]! + node === own) this.#windowEnd[own] = later(this.#windowEnd[own]!, time | 0);
    }
  }

  /** Rows for the other children of the parent of node number `own` of `level`. */
  #issueBeside(command: number, level: number, own: number, now: number): void {
    const { start, cell, latency } = this.#sibling;
    const key = command * this.#levels + level;
    if (start[key] === start[key + 1]) return;
    const count = this.tree.siblings[level]!;
    const first = own - (own % count);
    for (let node = first; node < first + count; node++) {
      if (node === own) continue;
      for (let i = start[key]!; i < start[key + 1]!; i++) this.#raise(cell[i]! + node, now + latency[i]!);
    }
  }

  #raise(cell: number, time: number): void {
    this.cells[cell] = later(this.cells[cell]!, time | 0);
  }
}
