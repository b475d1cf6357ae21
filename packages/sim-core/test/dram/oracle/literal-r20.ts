// The controller of profile r20, tick by tick, in the order of the rules.
import { LiteralController, type LiteralRequest } from "./literal-controller.ts";

export class LiteralR20 extends LiteralController {
  readonly #accesses = new Map<string, number>();

  send(request: LiteralRequest): boolean {
    this.count(`num_${request.kind}_reqs`);
    if (request.kind === "read" && this.write.some((write) => write.address === request.address)) {
      request.depart = this.clk + 1;
      request.arrive = -1;
      this.pending.push(request);
      return true;
    }
    const buffer = request.kind === "read" ? this.read : this.write;
    if (buffer.length > 32) return false;
    request.arrive = this.clk;
    buffer.push(request);
    return true;
  }

  tick(): void {
    this.clk += 1;
    const { read, write, priority, pending } = this;
    this.count("queue_len", read.length + write.length + priority.length + pending.length);
    this.count("read_queue_len", read.length + pending.length);
    this.count("write_queue_len", write.length);
    this.count("priority_queue_len", priority.length);
    this.device.tick(this.clk);
    const head = pending[0];
    if (head !== undefined && head.depart <= this.clk) {
      if (head.depart - head.arrive > 1) this.count("read_latency", head.depart - head.arrive);
      head.done?.(head);
      pending.shift();
    }
    this.#refresh();
    const found = this.#pick();
    if (found === undefined) return;
    this.#closeRows(found);
    this.#issue(found);
  }

  #refresh(): void {
    const { refreshLevel, timing, counts, levels } = this.spec;
    if (this.settings.refresh === "none" || refreshLevel === null || this.clk % timing.nREFI! !== 0) return;
    for (let i = 0; i < counts[refreshLevel]!; i++) {
      this.priority.push(this.maintenance("REFab", this.vectorOf({ [levels[refreshLevel]!]: i })));
    }
  }

  #pick(): LiteralRequest | undefined {
    let found = this.bestReady(this.active);
    if (found === undefined) {
      const head = this.priority[0];
      if (head !== undefined) {
        head.command = this.device.prerequisite(head.final, head.vector);
        if (!this.device.isReady(head.command, head.vector, this.clk)) return undefined;
        found = head;
      } else {
        this.chooseMode();
        found = this.bestReady(this.writeMode ? this.write : this.read);
      }
    }
    if (found === undefined || !this.spec.commands[found.command]!.closes) return found;
    return this.active.some((entry) => this.overlaps(entry.vector, found.vector)) ? undefined : found;
  }

  #closeRows(found: LiteralRequest): void {
    const { name, accesses } = this.spec.commands[found.command]!;
    this.log.push(`${this.clk}, ${name}, ${found.vector.join(", ")}\n`);
    this.histogram[name] = (this.histogram[name] ?? 0) + 1;
    if (this.settings.rowPolicy !== "closed") return;
    if (accesses) {
      const key = found.vector.slice(0, this.spec.bankLevel + 1).join();
      const accesses = (this.#accesses.get(key) ?? 0) + 1;
      this.#accesses.set(key, accesses);
      if (accesses < this.settings.cap) return;
      this.#accesses.delete(key);
      this.count("num_close_reqs");
      this.priority.push(this.maintenance("PRE", [...found.vector]));
    } else if (name === "PRE" || name === "PREA" || name === "REFab") {
      for (const key of this.#accesses.keys()) {
        if (this.overlaps(key.split(",").map(Number), found.vector)) this.#accesses.delete(key);
      }
    }
  }

  #issue(found: LiteralRequest): void {
    this.classify(found);
    this.device.issue(found.command, found.vector, this.clk);
    if (found.command === found.final) {
      this.remove(found);
      if (found.kind === "write") found.done?.(found);
      if (found.kind !== "read") return;
      found.depart = this.clk + this.spec.readLatency;
      this.pending.push(found);
    } else if (this.spec.commands[found.command]!.opens && this.active.length <= 32) {
      this.remove(found);
      this.active.push(found);
    }
  }
}
