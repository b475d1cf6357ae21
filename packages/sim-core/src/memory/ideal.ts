import type { Progress } from "../engine/node.ts";
import { SimError } from "../errors.ts";
import type { MemoryModel, MemoryPort } from "./memory.ts";
import { MemoryNode } from "./memory-node.ts";

/** The two figures of a memory without banks, and the size of its bursts. */
export interface IdealMemoryOptions {
  /** Cycles from the end of a transfer to its answer; an integer of at least 1. Default 1. */
  readonly latencyCycles?: number;
  /** Bandwidth shared by all ports; above zero, `Infinity` by default. */
  readonly bytesPerCycle?: number;
  /** Bytes of one burst; an integer of at least 1. Default 64. */
  readonly burstBytes?: number;
}

/**
 * A memory with a latency and one shared data bus: requests use the bus one after the other, in order of arrival, ties
 * in the order of ports.
 *
 * @throws {SimError} `memory-options` if an option is wrong.
 */
export function idealMemory(options: IdealMemoryOptions = {}): MemoryModel {
  const { latencyCycles = 1, bytesPerCycle = Number.POSITIVE_INFINITY, burstBytes = 64 } = options;
  for (const [option, value] of Object.entries({ latencyCycles, burstBytes })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new SimError(
        "memory-options",
        `${option} of an ideal memory must be an integer of at least 1, not ${value}`,
      );
    }
  }
  if (!(bytesPerCycle > 0)) {
    throw new SimError("memory-options", `bytesPerCycle of an ideal memory must be above 0, not ${bytesPerCycle}`);
  }
  const model: MemoryModel = {
    name: "ideal",
    burstBytes,
    serve: (id, ports) => new IdealMemory(id, model, ports, { latencyCycles, bytesPerCycle }),
  };
  return model;
}

class IdealMemory extends MemoryNode {
  readonly #latency: number;
  readonly #burstBytes: number;
  readonly #bytesPerCycle: number;
  // Bytes the bus could have moved from cycle 0 until it is free again: whole numbers, so nothing is rounded away.
  #busFreeBytes = 0;

  constructor(
    id: string,
    model: MemoryModel,
    ports: readonly MemoryPort[],
    timing: { latencyCycles: number; bytesPerCycle: number },
  ) {
    super(id, model, ports);
    this.#latency = timing.latencyCycles;
    this.#burstBytes = model.burstBytes;
    this.#bytesPerCycle = timing.bytesPerCycle;
  }

  nextTime(): number {
    return this.drained ? this.clock : this.arrivals.firstTime;
  }

  fire(until: number): Progress {
    this.horizon = until;
    while (this.due) this.#transfer(this.arrivals.first);
    return this.drained ? this.finishAt(this.lastResponse) : this.waitFor();
  }

  #transfer(port: number): void {
    this.awaitRequest();
    const arrival = this.clock;
    const bytes = this.burstsOf(port) * this.#burstBytes;
    const bandwidth = this.#bytesPerCycle;
    let end = arrival;
    if (bandwidth !== Number.POSITIVE_INFINITY) {
      this.#busFreeBytes = Math.max(this.#busFreeBytes, arrival * bandwidth) + bytes;
      end = Math.ceil(this.#busFreeBytes / bandwidth);
    }
    const unloaded = Math.ceil(bytes / bandwidth) + this.#latency;
    this.respond(port, end + this.#latency, arrival + 1, unloaded);
  }
}
