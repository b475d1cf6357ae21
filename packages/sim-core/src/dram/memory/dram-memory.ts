/**
 * Command-level DRAM as the memory of a simulated machine.
 *
 * A request is cut into bursts of one access each. In every cycle the ports with bursts to hand over are visited in
 * order; each hands over up to `burstsPerCycle`, and stops at a burst that finds no room. Such a burst is offered again
 * when its channel has issued a command. A read is done when the controller gives its data back, a write when its
 * command is issued; a request is done with its last burst.
 *
 * Nothing is run ahead of what is known: a command of cycle c is issued only when all requests up to c are there.
 */

import { EventHeap } from "../../engine/event-heap.ts";
import type { Progress } from "../../engine/node.ts";
import { SimError } from "../../errors.ts";
import type { MemoryModel, MemoryPort } from "../../memory/memory.ts";
import { MemoryNode } from "../../memory/memory-node.ts";
import type { MemoryReport } from "../../memory/memory-report.ts";
import type { DramChannel } from "../engine/channel.ts";
import { type CompletionObserver, REFUSED } from "../engine/channel-door.ts";
import { summarizeChannel } from "../report/channel-summary.ts";
import { type DramConfiguration, DramSystem } from "../run/dram-system.ts";
import { commandIndex, transactionBytes } from "../spec/dram-spec.ts";
import { BurstRequests } from "./burst-requests.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** How the clocks of machine and memory compare: in `cycles` cycles of the machine the memory makes `ticks` ticks. */
export interface TickRatio {
  readonly ticks: number;
  readonly cycles: number;
}

/** Options of the DRAM memory. */
export interface DramMemoryOptions {
  /** Default one tick per cycle. */
  readonly ratio?: TickRatio;
}

/**
 * The memory of `configuration`.
 *
 * @throws {SimError} `memory-options` if the ratio is not of integers from 1 to 1,000,000, `dram-spec` for a
 *   configuration that cannot be built.
 */
export function dramMemory(configuration: DramConfiguration, options: DramMemoryOptions = {}): MemoryModel {
  const { ratio = { ticks: 1, cycles: 1 } } = options;
  for (const value of [ratio.ticks, ratio.cycles]) {
    if (!(Number.isInteger(value) && value >= 1 && value <= 1_000_000)) {
      throw new SimError(
        "memory-options",
        `ticks and cycles of a DRAM memory must be integers from 1 to 1000000, not ${value}`,
      );
    }
  }
  // Builds it once to refuse a wrong configuration here and not in the middle of a simulation.
  new DramSystem(configuration);
  const model: MemoryModel = {
    name: `dram:${configuration.spec.name}`,
    burstBytes: transactionBytes(configuration.spec),
    serve: (id, ports) => new DramMemory(id, model, ports, { configuration, ratio }),
  };
  return model;
}

class DramMemory extends MemoryNode implements CompletionObserver {
  readonly #system: DramSystem;
  readonly #ratio: TickRatio;
  readonly #burstBytes: number;
  readonly #unloadedCycles: number;
  readonly #requests: BurstRequests;
  // Ports and channels with something to do, by the cycle of it. Within a cycle the ports come first: what a channel
  // does then is there when the next cycle begins.
  readonly #handovers: EventHeap;
  readonly #events: EventHeap;
  // Per port with bursts to hand over: its request, the address of the next burst, and how many are left.
  readonly #current: Int32Array;
  readonly #address: Float64Array;
  readonly #left: Float64Array;

  constructor(
    id: string,
    model: MemoryModel,
    ports: readonly MemoryPort[],
    { configuration, ratio }: { configuration: DramConfiguration; ratio: TickRatio },
  ) {
    super(id, model, ports);
    this.#system = new DramSystem(configuration);
    for (const channel of this.#system.channels) channel.completionObserver = this;
    this.#ratio = ratio;
    this.#burstBytes = model.burstBytes;
    this.#unloadedCycles = this.#cycleOf(unloadedTicks(configuration));
    this.#requests = new BurstRequests(ports.length);
    this.#handovers = new EventHeap(ports.length);
    this.#events = new EventHeap(this.#system.channels.length);
    this.#current = new Int32Array(ports.length);
    this.#address = new Float64Array(ports.length);
    this.#left = new Float64Array(ports.length);
  }

  nextTime(): number {
    if (this.drained && this.#requests.size === 0) return this.clock;
    return Math.min(this.arrivals.firstTime, this.#handovers.firstTime, this.#events.firstTime);
  }

  fire(until: number): Progress {
    this.horizon = until;
    for (;;) {
      const event = this.#events.firstTime;
      const handover = Math.min(this.#handovers.firstTime, this.arrivals.firstTime);
      if (event < handover) {
        if (event > this.horizon) break;
        this.clock = Math.max(this.clock, event);
        this.#runChannel(this.#events.first);
      } else {
        if (handover > this.horizon || handover === NEVER) break;
        this.#takeArrivals(handover);
        this.clock = Math.max(this.clock, handover);
        while (this.#handovers.firstTime <= handover) this.#handOver(this.#handovers.first, handover);
      }
    }
    if (!this.drained || this.#requests.size > 0) return this.waitFor();
    return this.finishAt(this.lastResponse);
  }

  #takeArrivals(cycle: number): void {
    while (this.arrivals.firstTime <= cycle) {
      const port = this.arrivals.first;
      this.awaitRequest();
      const { request } = this.ports[port]!;
      const bursts = this.burstsOf(port);
      const { headPayload: address, headTag: tag, headTime: arrival } = request;
      if (
        !(Number.isSafeInteger(address) && address >= 0 && Number.isSafeInteger(address + bursts * this.#burstBytes))
      ) {
        throw new SimError(
          "memory-request",
          `port ${this.ports[port]!.id} of memory ${this.id} got address ${address}; it must be an integer from 0 to 2^53`,
        );
      }
      this.#current[port] = this.#requests.add(port, address, tag, arrival);
      this.#address[port] = address;
      this.#left[port] = bursts;
      this.arrivals.update(port, NEVER);
      this.#handovers.update(port, cycle);
    }
  }

  /** Hands bursts of `port` over in `cycle`, in which it is due. */
  #handOver(port: number, cycle: number): void {
    const { access, burstsPerCycle } = this.ports[port]!;
    const system = this.#system;
    const clk = this.#ticksBefore(cycle);
    const bursts = Math.min(burstsPerCycle, this.#left[port]!);
    for (let i = 0; i < bursts; i++) {
      const channel = system.place(this.#address[port]!, access === "write", this.#current[port]!);
      channel.advance(clk);
      const verdict = channel.offer(system.offer);
      if (verdict === REFUSED) {
        this.#handovers.update(port, Math.max(cycle + 1, this.#cycleOf(channel.next)));
        return;
      }
      this.#watch(channel);
      this.#address[port]! += this.#burstBytes;
      this.#left[port]! -= 1;
    }
    if (this.#left[port]! > 0) this.#handovers.update(port, cycle + 1);
    else {
      this.#handovers.update(port, NEVER);
      this.takeUp(port, cycle + 1);
    }
  }

  #runChannel(index: number): void {
    const channel = this.#system.channels[index]!;
    channel.step();
    this.#watch(channel);
  }

  /** Notes when `channel` has something to do; while it holds no requests it is left behind, refreshing or not. */
  #watch(channel: DramChannel): void {
    this.#events.update(channel.index, channel.idle ? NEVER : this.#cycleOf(channel.next) - 1);
  }

  readDone(request: number, _depart: number, retire: number): void {
    this.#burstDone(request, retire);
  }

  writeDone(request: number, clk: number): void {
    this.#burstDone(request, clk);
  }

  #burstDone(request: number, tick: number): void {
    const requests = this.#requests;
    const port = requests.burstDone(request, this.#cycleOf(tick));
    if (port < 0) return;
    const { burstsPerCycle } = this.ports[port]!;
    for (let first = requests.finished(port); first >= 0; first = requests.finished(port)) {
      const tag = requests.tag(first);
      const asked = { payload: requests.payload(first), tag, arrival: requests.arrival(first) };
      const unloaded = this.#unloadedCycles + Math.ceil(Math.abs(tag) / burstsPerCycle) - 1;
      const done = requests.done(first);
      requests.shift(port);
      this.answer(port, asked, done, unloaded);
    }
  }

  /** Ticks done when `cycle` begins. */
  #ticksBefore(cycle: number): number {
    return Math.floor((cycle * this.#ratio.ticks) / this.#ratio.cycles);
  }

  /** First cycle that begins with `tick` done. */
  #cycleOf(tick: number): number {
    return Math.ceil((tick * this.#ratio.cycles) / this.#ratio.ticks);
  }

  override report(): MemoryReport {
    this.#system.advance(this.#ticksBefore(this.lastResponse));
    const channels = this.#system.channels.map((channel) => summarizeChannel(channel));
    const rowHits = channels.reduce((sum, channel) => sum + channel.hits, 0);
    return { ...super.report(), rowHits, channels };
  }
}

/** Ticks of a read to a closed bank of an idle memory. */
function unloadedTicks({ spec }: DramConfiguration): number {
  const read = commandIndex(spec, "RD");
  const opens = spec.commands.map((command, i) => (command.opens || command.name === "ACT2" ? i : -1));
  const waits = spec.constraints.filter((row) => opens.includes(row.preceding) && row.following === read);
  return 1 + Math.max(0, ...waits.filter((row) => !row.sibling).map((row) => row.latency)) + spec.readLatency;
}
