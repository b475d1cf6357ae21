/**
 * High-bandwidth memory as address-interleaved bursts: no rows, no refresh, addresses not decoded.
 *
 * An arbiter visits, in every cycle, readers and then writers, takes at most one packet of addresses from each and
 * spreads the addresses over the channels; a channel starts one burst per initiation interval. The node is
 * event-driven: only requests under way are visited, and cycles without any are skipped.
 *
 * Source: the off-chip memory model of the STeP simulator (github.com/gina7484/step-perf).
 */
import type { Progress } from "../engine/node.ts";
import { SimError } from "../errors.ts";
import type { MemoryModel, MemoryPort } from "./memory.ts";
import { MemoryNode } from "./memory-node.ts";
import { RepeatingBursts } from "./repeating-bursts.ts";

/** Figures and switches of the burst memory; the defaults are those of the STeP simulator. */
export interface HbmBurstOptions {
  /** Bytes of one burst. Default 64. */
  readonly burstBytes?: number;
  /** Memory channels. Default 32. */
  readonly channels?: number;
  /** Cycles from the start of a burst to its end, without start-up. Default 2. */
  readonly latencyCycles?: number;
  /** Cycles between the starts of two bursts in one channel. Default 2. */
  readonly initiationInterval?: number;
  /** Cycles of start-up added to the latency. Default 14; may be 0. */
  readonly startUpCycles?: number;
  /** Which bursts pay the start-up: each (the default), or the first of each memory channel. */
  readonly startUp?: "every-burst" | "first-burst";
  /**
   * Memory channel of address i of a cycle, counted from an offset o that moves on with every cycle: `triangular`
   * (the default) is o + i(i + 1)/2, `round-robin` is o + i. They agree while there is one address per cycle.
   */
  readonly spread?: "triangular" | "round-robin";
}

/**
 * The burst memory with the options given.
 *
 * @throws {SimError} `memory-options` if an option is not an integer in its range.
 */
export function hbmBurst(options: HbmBurstOptions = {}): MemoryModel {
  const { burstBytes = 64, channels = 32, latencyCycles = 2, initiationInterval = 2, startUpCycles = 14 } = options;
  const least = { burstBytes: 1, channels: 1, latencyCycles: 1, initiationInterval: 1, startUpCycles: 0 };
  const values = { burstBytes, channels, latencyCycles, initiationInterval, startUpCycles };
  for (const [option, value] of Object.entries(values)) {
    const from = least[option as keyof typeof least];
    if (!(Number.isInteger(value) && value >= from && value <= 1_000_000)) {
      throw new SimError(
        "memory-options",
        `${option} of the burst memory must be an integer from ${from} to 1000000, not ${value}`,
      );
    }
  }
  const { startUp = "every-burst", spread = "triangular" } = options;
  const timing: Timing = { channels, latencyCycles, initiationInterval, startUpCycles, startUp, spread };
  const model: MemoryModel = {
    name: "hbm-burst",
    burstBytes,
    serve: (id, ports) => new HbmBurst(id, model, ports, timing),
  };
  return model;
}

type Timing = Required<Omit<HbmBurstOptions, "burstBytes">>;

/** Cycles in which the arbiter sees, after the last answer, that all requesters have ended. */
const SHUT_DOWN = 2;

class HbmBurst extends MemoryNode {
  readonly #interval: number;
  readonly #laterService: number;
  // By how much the step between channels grows with each address of a cycle.
  readonly #step: number;
  // Per memory channel: first cycle in which the next burst may start, and cycles from its start to its end.
  readonly #free: Float64Array;
  readonly #service: Float64Array;
  // The memory channel of the next address.
  #next = 0;
  // Ports in the middle of a request, #active[0 … #size), ascending: the order of visits.
  readonly #active: Int32Array;
  #size = 0;
  // Per port in the middle of a request: bursts still to be handed over, and the latest end of those that were.
  readonly #left: Int32Array;
  readonly #done: Float64Array;
  readonly #packet: Int32Array;
  // Ports of the bursts of one cycle in which every active port hands over a whole packet, in order.
  readonly #cycle: Int32Array;
  readonly #repeating: RepeatingBursts;
  // Whether every memory channel has served its first burst, if that is served differently.
  #warm = false;

  constructor(id: string, model: MemoryModel, ports: readonly MemoryPort[], timing: Timing) {
    super(id, model, ports);
    const { channels, latencyCycles, startUpCycles } = timing;
    this.#interval = timing.initiationInterval;
    this.#laterService = latencyCycles + (timing.startUp === "every-burst" ? startUpCycles : 0);
    this.#step = timing.spread === "triangular" ? 1 : 0;
    this.#free = new Float64Array(channels);
    this.#service = new Float64Array(channels).fill(latencyCycles + startUpCycles);
    this.#active = new Int32Array(ports.length);
    this.#left = new Int32Array(ports.length);
    this.#done = new Float64Array(ports.length);
    this.#packet = Int32Array.from(ports, (port) => port.burstsPerCycle);
    this.#repeating = new RepeatingBursts(channels, this.#interval, this.#step);
    this.#cycle = new Int32Array(this.#packet.reduce((sum, bursts) => sum + bursts, 0));
  }

  nextTime(): number {
    return this.#size > 0 || this.drained ? this.clock : this.arrivals.firstTime;
  }

  fire(until: number): Progress {
    this.horizon = until;
    for (;;) {
      if (this.#size === 0) {
        if (!this.due) break;
        this.awaitRequest();
      }
      if (this.clock > this.horizon) break;
      while (this.arrivals.firstTime <= this.clock) this.#admit(this.arrivals.first);
      this.#visit(Math.min(this.horizon, this.arrivals.firstTime - 1));
    }
    if (!this.drained) return this.waitFor();
    return this.finishAt(this.lastResponse === 0 ? 0 : this.lastResponse + SHUT_DOWN);
  }

  #admit(port: number): void {
    this.#left[port] = this.burstsOf(port);
    this.#done[port] = 0;
    this.arrivals.update(port, Number.POSITIVE_INFINITY);
    const active = this.#active;
    let place = this.#size;
    for (; place > 0 && active[place - 1]! > port; place--) active[place] = active[place - 1]!;
    active[place] = port;
    this.#size += 1;
  }

  /** In each cycle up to `last` takes one packet from each active port, in order; stops after a cycle that completes a request. */
  #visit(last: number): void {
    const active = this.#active;
    const left = this.#left;
    const size = this.#size;
    let kept = size;
    while (kept === size && this.clock <= last) {
      this.#runSteadily(last);
      if (this.clock > last) break;
      let increment = this.#free.length > 1 ? 1 : 0;
      kept = 0;
      for (let place = 0; place < size; place++) {
        const port = active[place]!;
        const bursts = Math.min(this.#packet[port]!, left[port]!);
        left[port]! -= bursts;
        increment = this.#transfer(port, bursts, this.clock + 1, increment);
        if (left[port] !== 0) active[kept++] = port;
        else this.#complete(port, this.clock);
      }
      this.clock += 1;
    }
    this.#size = kept;
  }

  /** Runs the cycles up to `last` in which every active port hands over a whole packet and none completes its request. */
  #runSteadily(last: number): void {
    const later = this.#laterService;
    this.#warm ||= this.#service.every((service) => service === later);
    const cycles = this.#steadyCycles(last);
    if (cycles < 2 || !this.#warm) return;
    const bursts = this.#layOutCycle(cycles);
    const from = this.clock + this.#passPeriods(cycles, bursts);
    this.clock += cycles;
    for (let time = from; time < this.clock; time++) this.#transferCycle(time + 1, bursts);
  }

  /**
   * Lets whole periods of steady cycles pass at once, all but the last: its bursts end last of those that a port has in a
   * channel, so that what is left to take one by one gives each port its latest end. Returns the cycles that passed.
   */
  #passPeriods(cycles: number, bursts: number): number {
    const period = this.#repeating.periodOf(bursts);
    const periods = Math.floor(cycles / period) - 1;
    if (periods < 2) return 0;
    this.#repeating.pass(this.#free, { bursts, next: this.#next, arrival: this.clock + 1, period, periods });
    return periods * period;
  }

  #steadyCycles(last: number): number {
    let cycles = last - this.clock + 1;
    for (let place = 0; place < this.#size; place++) {
      const port = this.#active[place]!;
      cycles = Math.min(cycles, Math.ceil(this.#left[port]! / this.#packet[port]!) - 1);
    }
    return cycles;
  }

  /** Lists the port of each burst of one cycle and takes `cycles` packets off what is left; returns the bursts of a cycle. */
  #layOutCycle(cycles: number): number {
    let bursts = 0;
    for (let place = 0; place < this.#size; place++) {
      const port = this.#active[place]!;
      const packet = this.#packet[port]!;
      this.#left[port]! -= cycles * packet;
      for (let burst = 0; burst < packet; burst++) this.#cycle[bursts++] = port;
    }
    return bursts;
  }

  /** As `#transfer` for all bursts of a cycle, where every channel has served a burst before. */
  #transferCycle(arrival: number, bursts: number): void {
    const cycle = this.#cycle;
    const free = this.#free;
    const done = this.#done;
    const channels = free.length;
    const interval = this.#interval;
    const later = this.#laterService;
    const step = this.#step;
    let channel = this.#next;
    let increment = channels > 1 ? 1 : 0;
    for (let burst = 0; burst < bursts; burst++) {
      const start = Math.max(free[channel]!, arrival);
      free[channel] = start + interval;
      const port = cycle[burst]!;
      const end = start + later;
      if (end > done[port]!) done[port] = end;
      channel += increment;
      if (channel >= channels) channel -= channels;
      increment += step;
      if (increment === channels) increment = 0;
    }
    this.#next = channel;
  }

  /** Hands `bursts` addresses that arrive at `arrival` to the memory channels; returns the next step between channels. */
  #transfer(port: number, bursts: number, arrival: number, increment: number): number {
    const free = this.#free;
    const service = this.#service;
    const channels = free.length;
    const interval = this.#interval;
    const later = this.#laterService;
    let channel = this.#next;
    let latest = this.#done[port]!;
    for (let burst = bursts; burst > 0; burst--) {
      const start = Math.max(free[channel]!, arrival);
      const end = start + service[channel]!;
      free[channel] = start + interval;
      service[channel] = later;
      if (end > latest) latest = end;
      channel += increment;
      if (channel >= channels) channel -= channels;
      increment += this.#step;
      if (increment === channels) increment = 0;
    }
    this.#next = channel;
    this.#done[port] = latest;
    return increment;
  }

  #complete(port: number, cycle: number): void {
    const packets = Math.ceil(Math.abs(this.ports[port]!.request.headTag) / this.#packet[port]!);
    this.respond(port, this.#done[port]! + 1, cycle + 1, packets + this.#laterService + 1);
  }
}
