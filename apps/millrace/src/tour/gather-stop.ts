/** The stop of the tour that runs on DRAM: the column indices of the graph, in order, as reads of feature vectors. */
import { DramSystem, TimedFrontend, transactionBytes } from "@millrace/sim-core";
import type { CoordinateList } from "@millrace/tensor";
import { channelOutcomes, type DramResult, resultOf } from "../dram/dram-result.ts";
import { loadSetup } from "../dram/load-setup.ts";
import { TimingCheck } from "../dram/timing-check.ts";

/** Bytes of a feature vector: 64 numbers in single precision. */
export const FEATURE_BYTES = 256;

/** The memories that are compared. */
const memories = ["hbm3-6400", "ddr4-2400"] as const;

/** The stream on one memory. */
export interface GatherRun {
  readonly memory: string;
  readonly requests: number;
  readonly cycles: number;
  readonly result: DramResult;
  /** Requests and commands that were checked, and how many of them are wrong. */
  readonly compared: number;
  readonly differing: number;
}

/** What the stop shows, in a sentence or two. */
export const gatherAbout: string = `For every entry of the graph, the feature vector of its column is read: ${FEATURE_BYTES} bytes at an address that the data decides. The stream of these reads, in the order of the entries and as fast as each memory takes it, on command-level DRAM. Each read must be answered once, and each command must keep every timing constraint of its part.`;

/** Runs the gathers of `graph` on each memory; `begin` is told before each. */
export function runGathers(graph: CoordinateList, begin: (memory: string) => void): readonly GatherRun[] {
  return memories.map((memory) => {
    begin(memory);
    return gather(graph.coordinates[1]!, memory);
  });
}

function gather(columns: ArrayLike<number>, memory: string): GatherRun {
  const { configuration } = loadSetup("", memory, "r21");
  const system = new DramSystem(configuration);
  const timing = new TimingCheck(system);
  for (const channel of system.channels) channel.commandObserver = timing;
  const bytes = transactionBytes(configuration.spec);
  const requests = (columns.length * FEATURE_BYTES) / bytes;
  const answers = new Answers(requests, configuration.spec.readLatency);
  const frontend = new TimedFrontend(system, answers);
  for (let e = 0; e < columns.length; e++) {
    const vector = columns[e]! * FEATURE_BYTES;
    for (let offset = 0; offset < FEATURE_BYTES; offset += bytes) frontend.submit(vector + offset, false, 0);
  }
  const cycles = frontend.finish();
  const result = resultOf({ setup: { configuration }, cycles, channels: channelOutcomes(system) });
  const unmoved = result.bytes === requests * bytes ? 0 : 1;
  return {
    memory,
    requests,
    cycles,
    result,
    compared: requests + timing.commands,
    differing: answers.wrong() + timing.early + unmoved,
  };
}

/** Checks that each read is answered once, and not before its data can be there. */
class Answers {
  readonly #latency: number;
  readonly #acceptedAt: Float64Array;
  readonly #count: Uint8Array;
  #early = 0;

  constructor(requests: number, latency: number) {
    this.#latency = latency;
    this.#acceptedAt = new Float64Array(requests);
    this.#count = new Uint8Array(requests);
  }

  accepted(request: number, clk: number): void {
    this.#acceptedAt[request] = clk;
  }

  departed(request: number, clk: number): void {
    this.#count[request]! += 1;
    if (clk < this.#acceptedAt[request]! + this.#latency) this.#early += 1;
  }

  wrong(): number {
    return this.#early + this.#count.reduce((wrong, count) => wrong + (count === 1 ? 0 : 1), 0);
  }
}
