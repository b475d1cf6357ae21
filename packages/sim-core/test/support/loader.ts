// Requesters of a memory: one request at a time, or several under way.
import {
  Graph,
  type MemoryModel,
  type MemoryPort,
  Node,
  type Progress,
  type SimulationReport,
  simulate,
} from "../../src/index.ts";

export interface LoaderOptions {
  /** Bursts of each request; negative ones write. */
  readonly tiles: readonly number[];
  /** Cycles before the first request. */
  readonly start?: number;
  /** Cycles between an answer and the next request. */
  readonly gap?: number;
}

/** Asks for one tile after the other: the next one when the answer is in. */
export class Loader extends Node {
  readonly #port: MemoryPort;
  readonly #options: LoaderOptions;
  readonly answers: number[] = [];
  #asked = 0;

  constructor(id: string, port: MemoryPort, options: LoaderOptions) {
    super(id, [port.response], [port.request]);
    this.#port = port;
    this.#options = options;
    this.clock = options.start ?? 0;
  }

  fire(): Progress {
    const { request, response } = this.#port;
    const { tiles, gap = 0 } = this.#options;
    for (;;) {
      if (this.#asked > this.answers.length) {
        if (!response.readable) return this.waitFor(response);
        this.clock = response.peek(this.clock);
        response.release(this.clock);
        this.answers.push(this.clock);
        this.clock += gap;
      }
      if (this.#asked === tiles.length) return this.finish();
      if (!request.writable) return this.waitFor(request);
      this.clock = request.reserve(this.clock);
      request.put(this.clock, this.#asked * 4096, tiles[this.#asked]!);
      this.#asked += 1;
    }
  }
}

/** Runs `readers` equal loaders, each with `tiles` requests of `bursts`. */
export function loadTiles(model: MemoryModel, readers: number, tiles: number, bursts: number): SimulationReport {
  const graph = new Graph();
  const memory = graph.memory("hbm", model);
  for (let i = 0; i < readers; i++) {
    graph.add(new Loader(`loader${i}`, memory.port(`p${i}`), { tiles: new Array(tiles).fill(bursts) }));
  }
  return simulate(graph);
}
