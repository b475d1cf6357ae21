// What the literal controllers share: requests, buffers, counters, the command log.
import type { DramSpec } from "../../../src/dram/spec/dram-spec.ts";
import { LiteralDevice } from "./literal-device.ts";

export interface LiteralRequest {
  readonly kind: "read" | "write" | "maintenance";
  readonly vector: number[];
  readonly address: number;
  readonly final: number;
  readonly source: number;
  arrive: number;
  depart: number;
  command: number;
  counted: boolean;
  deadline: number;
  readonly done?: (request: LiteralRequest) => void;
}

export interface LiteralSettings {
  readonly refresh: "all-bank" | "per-bank" | "none";
  readonly rowPolicy: "open" | "closed";
  readonly cap: number;
  readonly scheduler: "frfcfs" | "frfcfs-row-hit";
}

export abstract class LiteralController {
  readonly device: LiteralDevice;
  readonly spec: DramSpec;
  readonly settings: LiteralSettings;
  clk = 0;
  read: LiteralRequest[] = [];
  write: LiteralRequest[] = [];
  active: LiteralRequest[] = [];
  priority: LiteralRequest[] = [];
  pending: LiteralRequest[] = [];
  writeMode = false;
  readonly counters: Record<string, number> = {};
  readonly histogram: Record<string, number> = {};
  readonly log: string[] = [];

  constructor(spec: DramSpec, settings: LiteralSettings) {
    this.spec = spec;
    this.settings = settings;
    this.device = new LiteralDevice(spec);
  }

  abstract send(request: LiteralRequest): boolean;
  abstract tick(): void;

  count(name: string, amount = 1): void {
    this.counters[name] = (this.counters[name] ?? 0) + amount;
  }

  /** Counts how the request found its bank, once. */
  classify(request: LiteralRequest): void {
    if (request.counted || request.kind === "maintenance") return;
    request.counted = true;
    const state = this.device.rowState(request.vector);
    const plural = { hit: "hits", miss: "misses", conflict: "conflicts" }[state];
    this.count(`row_${plural}`);
    this.count(`${request.kind}_row_${plural}`);
  }

  chooseMode(): void {
    if (!this.writeMode) {
      if (this.write.length > 0.8 * 32 || this.read.length === 0) this.writeMode = true;
    } else if (this.write.length < 0.2 * 32 && this.read.length !== 0) this.writeMode = false;
  }

  /** First come first served among the ready ones, or else the oldest, of the entries that `allowed` leaves. */
  best(list: LiteralRequest[], allowed: (request: LiteralRequest) => boolean = () => true): LiteralRequest | undefined {
    let best: LiteralRequest | undefined;
    let bestReady = false;
    for (const request of list) {
      request.command = this.device.prerequisite(request.final, request.vector);
      if (!allowed(request)) continue;
      const ready = this.device.isReady(request.command, request.vector, this.clk);
      if (best === undefined || (ready && !bestReady) || (ready === bestReady && request.arrive < best.arrive)) {
        best = request;
        bestReady = ready;
      }
    }
    return best;
  }

  /** `best`, if it is ready. */
  bestReady(list: LiteralRequest[], allowed?: (request: LiteralRequest) => boolean): LiteralRequest | undefined {
    const best = this.best(list, allowed);
    return best !== undefined && this.device.isReady(best.command, best.vector, this.clk) ? best : undefined;
  }

  /** Whether the two addresses may name the same bank. */
  overlaps(a: readonly number[], b: readonly number[]): boolean {
    for (let level = 0; level <= this.spec.bankLevel; level++) {
      if (a[level] !== b[level] && a[level] !== -1 && b[level] !== -1) return false;
    }
    return true;
  }

  remove(request: LiteralRequest): void {
    for (const list of [this.read, this.write, this.active, this.priority]) {
      const index = list.indexOf(request);
      if (index >= 0) list.splice(index, 1);
    }
  }

  vectorOf(indices: Record<string, number>): number[] {
    return this.spec.levels.map((level, i) => (i === 0 ? this.channel : (indices[level] ?? -1)));
  }

  channel = 0;

  maintenance(final: string, vector: number[]): LiteralRequest {
    return {
      kind: "maintenance",
      vector,
      address: -1,
      final: this.device.command(final),
      source: -1,
      arrive: this.clk,
      depart: -1,
      command: this.device.command(final),
      counted: false,
      deadline: 0,
    };
  }
}
