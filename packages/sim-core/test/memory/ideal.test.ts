import { expect, test } from "vitest";
import {
  Graph,
  hbmBurst,
  idealMemory,
  type MemoryModel,
  type MemoryPort,
  Node,
  type Progress,
  simulate,
} from "../../src/index.ts";
import { Loader, loadTiles } from "../support/loader.ts";

test("without a bandwidth limit each request takes the latency and the two hops", () => {
  // Request readable after 1, answer 10 later: 11 cycles per tile.
  expect(loadTiles(idealMemory({ latencyCycles: 10 }), 3, 5, 1000).cycles).toBe(55);
});

test("a shared bus serves requests one after the other, ties in the order of the requesters", () => {
  const graph = new Graph();
  const memory = graph.memory("ram", idealMemory({ latencyCycles: 4, bytesPerCycle: 32 }));
  const [first, second] = ["a", "b"].map((id) => graph.add(new Loader(id, memory.port(id), { tiles: [10] })));
  const report = simulate(graph);
  // 640 bytes are 20 cycles of bus: 1 + 20 + 4, and 20 more for the second.
  expect(first!.answers).toEqual([25]);
  expect(second!.answers).toEqual([45]);
  expect(report.cycles).toBe(45);
  expect(report.memories[0]).toMatchObject({ model: "ideal", bytesRead: 1280, bytesWritten: 0, rowHits: null });
});

test("a transfer that is no whole number of cycles rounds up once, not once per request", () => {
  const graph = new Graph();
  const memory = graph.memory("ram", idealMemory({ latencyCycles: 1, bytesPerCycle: 48 }));
  const loaders = [0, 1, 2].map((i) => graph.add(new Loader(`n${i}`, memory.port(`p${i}`), { tiles: [1] })));
  simulate(graph);
  // 64, 128 and 192 bytes at 48 per cycle, from cycle 1 on.
  expect(loaders.map((loader) => loader.answers[0])).toEqual([1 + 2 + 1, 1 + 3 + 1, 1 + 4 + 1]);
});

test("more bandwidth is never slower", () => {
  let before = Number.POSITIVE_INFINITY;
  for (const bytesPerCycle of [8, 16, 50, 64, 256, 1024]) {
    const { cycles } = loadTiles(idealMemory({ bytesPerCycle }), 5, 7, 9);
    expect(cycles).toBeLessThanOrEqual(before);
    before = cycles;
  }
});

/** Sends all requests without waiting for answers, then reads the answers. */
class Flood extends Node {
  readonly #requests: number;
  #sent = 0;
  #answered = 0;

  constructor(id: string, port: MemoryPort, requests: number) {
    super(id, [port.response], [port.request]);
    this.#requests = requests;
  }

  fire(): Progress {
    const [response, request] = [this.inputs[0]!, this.outputs[0]!];
    for (; this.#sent < this.#requests; this.#sent++) {
      if (!request.writable) return this.waitFor(request);
      this.clock = request.reserve(this.clock);
      request.put(this.clock, 64 * this.#sent, 1);
    }
    for (; this.#answered < this.#requests; this.#answered++) {
      if (!response.readable) return this.waitFor(response);
      this.clock = response.peek(this.clock);
      response.release(this.clock);
    }
    return this.finish();
  }
}

test("a limit of outstanding requests holds the requester back, in every model", () => {
  for (const model of [idealMemory({ bytesPerCycle: 16 }), hbmBurst()]) {
    const run = (outstanding: number, memoryModel: MemoryModel): ReturnType<typeof simulate> => {
      const graph = new Graph();
      const memory = graph.memory("ram", memoryModel);
      graph.add(new Flood("flood", memory.port("p", { outstanding }), 100));
      return simulate(graph);
    };
    const report = run(2, model);
    expect(report.deadlock).toBeNull();
    expect(report.memories[0]!.requests).toBe(100);
    expect(report.channels.find((channel) => channel.id === "ram/p.request")!.highWater).toBeLessThanOrEqual(2);
  }
});

test("wrong options and wrong requests are refused with their names", () => {
  expect(() => idealMemory({ latencyCycles: 0 })).toThrow(/latencyCycles of an ideal memory/);
  expect(() => idealMemory({ bytesPerCycle: Number.NaN })).toThrow(/bytesPerCycle/);
  expect(() => hbmBurst({ channels: 1.5 })).toThrow(/channels of the burst memory/);
  const graph = new Graph();
  const memory = graph.memory("ram", idealMemory());
  expect(() => memory.port("p", { burstsPerCycle: 0 })).toThrow(/burstsPerCycle of port p/);
  graph.add(new Loader("loader", memory.port("q", { access: "write" }), { tiles: [3] }));
  expect(() => simulate(graph)).toThrow(
    /port q of memory ram got a request of 3 bursts; a write port takes a negative number/,
  );
});
