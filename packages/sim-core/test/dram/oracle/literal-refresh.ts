// Per-bank refresh of profile r21, tick by tick.
import type { LiteralR21 } from "./literal-r21.ts";

export class LiteralPerBankRefresh {
  readonly #controller: LiteralR21;
  readonly #queue: number[][] = [];
  // Tick until which a set, `pseudochannel,sid`, is closed.
  readonly #closed = new Map<string, number>();
  #next: number;
  #cursor = 0;

  constructor(controller: LiteralR21) {
    this.#controller = controller;
    this.#next = controller.spec.timing.nREFIpb!;
  }

  tick(): void {
    const { clk, spec } = this.#controller;
    const { counts, timing } = spec;
    if (this.#queue.length === 0 && clk >= this.#next) {
      const banks = counts[3]! * counts[4]!;
      const bank = this.#cursor % banks;
      const sid = Math.floor(this.#cursor / banks) % counts[2]!;
      const sets = Array.from({ length: counts[1]! }, (_, pseudochannel) => pseudochannel);
      if (sets.some((p) => clk < (this.#closed.get(`${p},${sid}`) ?? 0))) return;
      for (const p of sets) {
        const within = p * counts[2]! + sid;
        this.#queue.push(this.#controller.bankVector(within * banks + bank));
      }
      this.#next = clk + timing.nREFIpb!;
      this.#cursor += 1;
    }
    const vector = this.#queue.shift();
    if (vector === undefined) return;
    this.#controller.sendMaintenance("REFpb", vector);
    const banks = counts[3]! * counts[4]!;
    const last = vector[3]! * counts[4]! + vector[4]! === banks - 1;
    if (last) this.#closed.set(`${vector[1]},${vector[2]}`, clk + timing.nRFCpb!);
  }
}
