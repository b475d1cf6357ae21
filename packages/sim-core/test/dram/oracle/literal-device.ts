// The device rules, one tree node at a time, with no thought of speed: the oracle.
import type { DramSpec, TimingConstraint } from "../../../src/dram/spec/dram-spec.ts";

interface TreeNode {
  readonly level: number;
  readonly id: number;
  readonly children: TreeNode[];
  readonly ready: number[];
  readonly history: number[][];
}

export type BankState = "closed" | "opened" | "activating" | "refreshing";

export interface Bank extends TreeNode {
  state: BankState;
  row: number;
}

/** One channel: ready times and issue histories of every node, states of the banks. */
export class LiteralDevice {
  readonly spec: DramSpec;
  readonly root: TreeNode;
  readonly banks: Bank[] = [];
  readonly #future: { at: number; banks: Bank[] }[] = [];
  readonly #longest: number;
  // Rows of the table by level and preceding command.
  readonly #rows: TimingConstraint[][][];

  constructor(spec: DramSpec) {
    this.spec = spec;
    this.#longest = Math.max(1, ...spec.constraints.map((row) => row.window));
    this.#rows = spec.levels.map((_, level) =>
      spec.commands.map((_, command) =>
        spec.constraints.filter((row) => row.level === level && row.preceding === command),
      ),
    );
    this.root = this.#grow(0, 0);
  }

  #grow(level: number, id: number): TreeNode {
    const { spec } = this;
    const ready = spec.commands.map(() => -1);
    const history = spec.commands.map((): number[] => []);
    if (level === spec.bankLevel) {
      const bank: Bank = { level, id, children: [], ready, history, state: "closed", row: -1 };
      this.banks.push(bank);
      return bank;
    }
    const children = Array.from({ length: spec.counts[level + 1]! }, (_, i) => this.#grow(level + 1, i));
    return { level, id, children, ready, history };
  }

  command(name: string): number {
    return this.spec.commands.findIndex((command) => command.name === name);
  }

  bank(vector: readonly number[]): Bank {
    let node = this.root;
    for (let level = 1; level <= this.spec.bankLevel; level++) node = node.children[vector[level]!]!;
    return node as Bank;
  }

  /** Banks below the addressed nodes; -1 stands for all. */
  banksOf(vector: readonly number[], node: TreeNode = this.root): Bank[] {
    if (node.level === this.spec.bankLevel) return [node as Bank];
    const index = vector[node.level + 1]!;
    const chosen = index === -1 ? node.children : [node.children[index]!];
    return chosen.flatMap((child) => this.banksOf(vector, child));
  }

  isReady(command: number, vector: readonly number[], clk: number, node: TreeNode = this.root): boolean {
    if (clk < node.ready[command]!) return false;
    if (node.level === this.spec.bankLevel) return true;
    if (this.spec.profile === "r20" && node.level === this.spec.commands[command]!.scope) return true;
    const index = vector[node.level + 1]!;
    if (index !== -1) return this.isReady(command, vector, clk, node.children[index]!);
    return node.children.every((child) => this.isReady(command, vector, clk, child));
  }

  issue(command: number, vector: readonly number[], clk: number): void {
    this.#constrain(command, vector, clk, this.root, true);
    this.#act(command, vector, clk);
  }

  #constrain(command: number, vector: readonly number[], clk: number, node: TreeNode, channel = false): void {
    const rows = this.#rows[node.level]![command]!;
    const index = vector[node.level]!;
    if (!channel && index !== -1 && index !== node.id) {
      for (const row of rows) {
        if (row.sibling) node.ready[row.following] = Math.max(node.ready[row.following]!, clk + row.latency);
      }
      return;
    }
    const history = node.history[command]!;
    history.unshift(clk);
    if (history.length > this.#longest) history.pop();
    for (const row of rows) {
      const past = history[row.window - 1];
      if (row.sibling || past === undefined) continue;
      node.ready[row.following] = Math.max(node.ready[row.following]!, past + row.latency);
    }
    for (const child of node.children) this.#constrain(command, vector, clk, child);
  }

  #act(command: number, vector: readonly number[], clk: number): void {
    const { spec } = this;
    const { name, closes } = spec.commands[command]!;
    const banks = this.banksOf(vector);
    if (name === "ACT" || name === "ACT2") {
      for (const bank of banks) Object.assign(bank, { state: "opened", row: vector[spec.bankLevel + 1]! });
    } else if (name === "ACT1") {
      for (const bank of banks) Object.assign(bank, { state: "activating", row: vector[spec.bankLevel + 1]! });
    } else if (closes) {
      for (const bank of banks) Object.assign(bank, { state: "closed", row: -1 });
    } else if (name === "REFab" && this.command("REFab_end") >= 0) {
      for (const bank of banks) Object.assign(bank, { state: "refreshing", row: -1 });
      const cycles = spec.timing.nRFC ?? spec.timing.nRFC1!;
      this.#future.push({ at: clk + cycles - 1, banks });
    }
  }

  /** State changes due at `clk`, before the controllers tick. */
  tick(clk: number): void {
    for (let i = 0; i < this.#future.length; i++) {
      const { at, banks } = this.#future[i]!;
      if (at > clk) continue;
      for (const bank of banks) Object.assign(bank, { state: "closed", row: -1 });
      this.#future.splice(i--, 1);
    }
  }

  /** `opened` with this row, `opened` with another, or not open. */
  rowState(vector: readonly number[]): "hit" | "conflict" | "miss" {
    const bank = this.bank(vector);
    if (bank.state !== "opened") return "miss";
    return bank.row === vector[this.spec.bankLevel + 1] ? "hit" : "conflict";
  }

  /** The command that must come first before `final` may be issued at `vector`. */
  prerequisite(final: number, vector: readonly number[]): number {
    const { name, accesses } = this.spec.commands[final]!;
    if (accesses) {
      const bank = this.bank(vector);
      if (bank.state === "activating") return this.command("ACT2");
      if (bank.state !== "opened") return this.command(this.command("ACT1") >= 0 ? "ACT1" : "ACT");
      if (bank.row === vector[this.spec.bankLevel + 1]) return final;
      return this.command(this.spec.profile === "r20" ? "PRE" : "PREpb");
    }
    if (name === "REFab") {
      if (this.spec.profile === "r20") {
        const first = this.banksOf(vector).find((bank) => bank.state !== "closed");
        return first?.state === "opened" ? this.command("PREA") : final;
      }
      return this.banksOf(vector).some((bank) => bank.state !== "closed") ? this.command("PREab") : final;
    }
    if (name === "REFpb") return this.bank(vector).state === "closed" ? final : this.command("PREpb");
    return final;
  }
}
