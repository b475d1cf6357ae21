// The controllers of profile r21, tick by tick: what all share, and parts with a single command bus.
import type { DramSpec } from "../../../src/dram/spec/dram-spec.ts";
import { LiteralController, type LiteralRequest, type LiteralSettings } from "./literal-controller.ts";
import { LiteralPerBankRefresh } from "./literal-refresh.ts";

export type Filter = (request: LiteralRequest) => boolean;

export class LiteralR21 extends LiteralController {
  // Per bank, by its index in tree order.
  readonly activeEntries: number[];
  readonly accesses: number[];
  readonly closePending: boolean[];
  readonly #writes = new Set<number>();
  readonly #perBank: LiteralPerBankRefresh | null;

  constructor(spec: DramSpec, settings: LiteralSettings) {
    super(spec, settings);
    this.activeEntries = this.device.banks.map(() => 0);
    this.accesses = this.device.banks.map(() => 0);
    this.closePending = this.device.banks.map(() => false);
    this.#perBank = settings.refresh === "per-bank" ? new LiteralPerBankRefresh(this) : null;
  }

  send(request: LiteralRequest): boolean {
    if (request.kind === "read" && this.#writes.has(request.address)) {
      request.arrive = this.clk;
      request.depart = this.clk + 1;
      this.pending.push(request);
      this.count("num_read_reqs");
      this.count("num_read_reqs_forwarded");
      return true;
    }
    if (request.kind === "write" && this.#writes.has(request.address)) {
      this.count("num_write_reqs");
      this.count("num_write_reqs_coalesced");
      request.depart = this.clk + 1;
      request.done?.(request);
      return true;
    }
    const buffer = request.kind === "read" ? this.read : this.write;
    if (buffer.length >= 32) return false;
    request.arrive = this.clk;
    buffer.push(request);
    if (request.kind === "write") this.#writes.add(request.address);
    this.count(`num_${request.kind}_reqs`);
    return true;
  }

  sendMaintenance(final: string, vector: number[]): void {
    this.priority.push(this.maintenance(final, vector));
    this.count("num_maintenance_reqs");
  }

  tick(): void {
    this.clk += 1;
    this.count("cycles");
    const { read, write, priority } = this;
    this.count("queue_len", read.length + write.length + priority.length);
    this.count("read_queue_len", read.length);
    this.count("write_queue_len", write.length);
    this.count("priority_queue_len", priority.length);
    while (this.pending.length > 0 && this.pending[0]!.depart <= this.clk) {
      const head = this.pending.shift()!;
      this.count("read_latency", head.depart - head.arrive);
      head.done?.(head);
    }
    if (this.settings.refresh === "all-bank") this.#refreshAll();
    this.#perBank?.tick();
    if (this.settings.rowPolicy === "closed") this.#closeRows();
    this.schedule();
  }

  /** Chooses and issues the commands of a tick. */
  protected schedule(): void {
    const found = this.pick();
    if (found !== undefined) this.issue(found);
  }

  protected pick(): LiteralRequest | undefined {
    return this.bestReady(this.active, this.rowHitRule(this.active)) ?? this.pickQueued(() => true);
  }

  /** Priority head, or, with none there, the best read or write, of those that `allowed` leaves. */
  protected pickQueued(allowed: Filter): LiteralRequest | undefined {
    const head = this.priority[0];
    if (head !== undefined) {
      const found = this.bestReady([head]);
      return found !== undefined && !this.closesActive(found) && allowed(found) ? found : undefined;
    }
    this.chooseMode();
    const list = this.writeMode ? this.write : this.read;
    const rowHit = this.rowHitRule(list);
    return this.bestReady(list, (entry) => !this.closesActive(entry) && rowHit(entry) && allowed(entry));
  }

  closesActive(request: LiteralRequest): boolean {
    // With nothing active the counters are not consulted: they may have run off (an entry counted twice).
    if (!this.spec.commands[request.command]!.closes || this.active.length === 0) return false;
    const { banks } = this.device;
    return this.device.banksOf(request.vector).some((bank) => this.activeEntries[banks.indexOf(bank)]! > 0);
  }

  /** Of the row-hit scheduler: no closing of a row that an entry, no younger, still hits. */
  protected rowHitRule(list: LiteralRequest[]): Filter {
    if (this.settings.scheduler === "frfcfs") return () => true;
    return (entry) => {
      const { closes } = this.spec.commands[entry.command]!;
      if (!closes || entry.command === entry.final) return true;
      const bank = this.device.bank(entry.vector);
      return !list.some(
        (other) =>
          other.arrive <= entry.arrive &&
          this.device.bank(other.vector) === bank &&
          this.device.rowState(other.vector) === "hit",
      );
    };
  }

  #refreshAll(): void {
    const { refreshLevel, timing, counts, levels } = this.spec;
    if (refreshLevel === null || this.clk % timing.nREFI! !== 0) return;
    const nodes = refreshLevel === 0 ? 1 : counts[refreshLevel]!;
    for (let i = 0; i < nodes; i++) {
      this.sendMaintenance("REFab", this.vectorOf(refreshLevel === 0 ? {} : { [levels[refreshLevel]!]: i }));
    }
  }

  #closeRows(): void {
    const close = this.device.command("PREpb");
    for (const index of this.device.banks.keys()) {
      if (this.accesses[index]! < this.settings.cap || this.closePending[index]) continue;
      const vector = this.bankVector(index);
      if (!this.device.isReady(close, vector, this.clk)) continue;
      this.closePending[index] = true;
      this.sendMaintenance("PREpb", vector);
    }
  }

  bankVector(index: number): number[] {
    const vector = new Array<number>(this.spec.levels.length).fill(-1);
    vector[0] = this.channel;
    let rest = index;
    for (let level = this.spec.bankLevel; level > 0; level--) {
      vector[level] = rest % this.spec.counts[level]!;
      rest = Math.floor(rest / this.spec.counts[level]!);
    }
    return vector;
  }

  issue(request: LiteralRequest): void {
    this.classify(request);
    const { commands } = this.spec;
    const { banks } = this.device;
    let final = request.final;
    if (this.settings.rowPolicy === "closed" && commands[request.command]!.accesses) {
      const closing = this.device.command(request.kind === "read" ? "RDA" : "WRA");
      const full = this.accesses[banks.indexOf(this.device.bank(request.vector))]! >= this.settings.cap;
      if (full && this.device.isReady(closing, request.vector, this.clk)) {
        request.command = closing;
        final = closing;
      }
    }
    const command = commands[request.command]!;
    this.device.issue(request.command, request.vector, this.clk);
    this.record(request, command.name);
    for (const bank of this.device.banksOf(request.vector)) {
      const index = banks.indexOf(bank);
      if (command.closes) {
        this.accesses[index] = 0;
        this.closePending[index] = false;
      } else if (command.accesses) this.accesses[index]! += 1;
    }
    if (request.command === final) this.finish(request);
    else this.advance(request, command.opens);
  }

  protected record(request: LiteralRequest, name: string): void {
    const type = request.kind === "read" ? 0 : request.kind === "write" ? 1 : -1;
    this.log.push(`${this.clk},${name},${request.vector.join(",")},${type},${request.source}\n`);
    this.histogram[name] = (this.histogram[name] ?? 0) + 1;
  }

  protected finish(request: LiteralRequest): void {
    this.count(`num_${request.kind}_reqs_served`);
    if (this.active.includes(request)) this.activeEntries[this.bankIndex(request)]! -= 1;
    this.leave(request);
    if (request.kind === "read") {
      request.depart = this.clk + this.spec.readLatency;
      this.pending.push(request);
    } else if (request.kind === "write") {
      request.depart = this.clk;
      request.done?.(request);
    }
  }

  /** A command other than the last of the request was issued. */
  protected advance(request: LiteralRequest, opened: boolean): void {
    if (opened) this.activate(request);
  }

  protected activate(request: LiteralRequest): void {
    if (!this.active.includes(request) && this.active.length >= this.device.banks.length) return;
    this.leave(request);
    this.active.push(request);
    this.activeEntries[this.bankIndex(request)]! += 1;
  }

  protected leave(request: LiteralRequest): void {
    if (this.write.includes(request)) this.#writes.delete(request.address);
    this.remove(request);
  }

  protected bankIndex(request: LiteralRequest): number {
    return this.device.banks.indexOf(this.device.bank(request.vector));
  }
}

/** Parts with a bus for column and one for row commands, whose tick is a clock. */
class LiteralHbm2 extends LiteralR21 {
  protected override schedule(): void {
    this.columnSlot();
    this.rowSlot(() => true);
  }

  protected columnSlot(): void {
    const column: Filter = (entry) => this.spec.commands[entry.command]!.bus === "column";
    const rowHit = this.rowHitRule(this.active);
    const active = this.bestReady(this.active, (entry) => column(entry) && rowHit(entry));
    const found = active ?? this.pickQueued(column);
    if (found !== undefined) this.issue(found);
  }

  protected rowSlot(allowed: Filter): LiteralRequest | undefined {
    const row: Filter = (entry) => this.spec.commands[entry.command]!.bus === "row" && allowed(entry);
    const found = this.pickQueued(row);
    if (found !== undefined) this.issue(found);
    return found;
  }
}

/** Parts with two buses whose tick is half a clock. */
class LiteralHbm3 extends LiteralHbm2 {
  #remembered: { edge: number; vector: number[]; wide: boolean } | null = null;

  protected override schedule(): void {
    if (this.clk % 2 === 1) {
      this.columnSlot();
      const found = this.rowSlot(() => true);
      if (found === undefined) return;
      const { name } = this.spec.commands[found.command]!;
      const edge = this.clk + (name === "ACT" ? 3 : 1);
      this.#remembered = { edge, vector: [...found.vector], wide: name.endsWith("ab") };
      return;
    }
    this.rowSlot((entry) => {
      const { name } = this.spec.commands[entry.command]!;
      if (name !== "PREpb" && name !== "PREab") return false;
      const last = this.#remembered;
      if (last === null || last.edge !== this.clk) return true;
      if (entry.vector[1] !== last.vector[1]) return true;
      if (last.wide || name === "PREab") return false;
      return !this.overlaps(entry.vector, last.vector);
    });
  }
}

/** The controller for the part. */
export function literalR21(spec: DramSpec, settings: LiteralSettings): LiteralR21 {
  if (spec.ticksPerClock === 2) return new LiteralHbm3(spec, settings);
  if (spec.commands.some((command) => command.bus === "column")) return new LiteralHbm2(spec, settings);
  if (spec.commands.some((command) => command.name === "ACT1")) return new LiteralLpddr5(spec, settings);
  return new LiteralR21(spec, settings);
}

/** Parts that open a row in two steps and need a clock started before data. */
class LiteralLpddr5 extends LiteralR21 {
  #activating: LiteralRequest | null = null;
  #clockedFor: LiteralRequest | null = null;
  #expiry = 0;

  protected override pick(): LiteralRequest | undefined {
    const second = this.#readySecond();
    if (second !== undefined && this.clk >= second.deadline) return second;
    return this.#pickOrdinary() ?? second;
  }

  #readySecond(): LiteralRequest | undefined {
    const entry = this.#activating;
    if (entry === null) return undefined;
    entry.command = this.device.command("ACT2");
    return this.device.isReady(entry.command, entry.vector, this.clk) ? entry : undefined;
  }

  #pickOrdinary(): LiteralRequest | undefined {
    if (this.#clockedFor !== null) return this.bestReady([this.#clockedFor]);
    const allowed: Filter = (entry) => this.#allowed(entry);
    return this.bestReady(this.active, allowed) ?? this.pickQueued(allowed);
  }

  #allowed(entry: LiteralRequest): boolean {
    const { name, accesses } = this.spec.commands[entry.command]!;
    if (name === "ACT2") return false;
    const pending = this.#activating;
    if (pending === null || accesses) return true;
    return name !== "ACT1" && !this.overlaps(entry.vector, pending.vector);
  }

  override issue(request: LiteralRequest): void {
    const { timing, commands } = this.spec;
    if (commands[request.command]!.accesses) {
      if (this.clk >= this.#expiry && this.#clockedFor === null) {
        const second = this.#activating;
        if (second !== null && second.deadline <= this.clk + 1) {
          if (this.#readySecond() !== undefined) super.issue(second);
          return;
        }
        const start = this.device.command(request.kind === "read" ? "CAS_RD" : "CAS_WR");
        if (!this.device.isReady(start, request.vector, this.clk)) return;
        request.command = start;
        this.#clockedFor = request;
        super.issue(request);
        return;
      }
      this.#clockedFor = null;
      const latency = request.kind === "read" ? timing.nCL! : timing.nCWL!;
      this.#expiry = Math.max(this.#expiry, this.clk + latency + timing.nBL_min! + timing.nWCKPST!);
    }
    super.issue(request);
  }

  protected override advance(request: LiteralRequest, opened: boolean): void {
    const { name } = this.spec.commands[request.command]!;
    if (opened) {
      this.leave(request);
      request.deadline = this.clk + this.spec.timing.nAAD!;
      this.#activating = request;
    } else if (name === "ACT2") {
      this.#activating = null;
      this.activate(request);
    }
  }
}
