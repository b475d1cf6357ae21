import { expect, test } from "vitest";
import { Graph, hbmBurst, type SimulationReport, simulate, TimelineRecorder } from "../../src/index.ts";
import { chain } from "../support/chain.ts";
import { Loader } from "../support/loader.ts";
import { decodeTrace, sliceCycles } from "../support/perfetto-decoder.ts";

function memoryGraph(): Graph {
  const graph = new Graph();
  const memory = graph.memory("hbm", hbmBurst());
  for (let i = 0; i < 3; i++) {
    graph.add(new Loader(`group/loader${i}`, memory.port(`p${i}`), { tiles: [8, 64, 1], start: 5 * i }));
  }
  return graph;
}

function record(
  graph: Graph,
  options = {},
): { report: SimulationReport; bytes: Uint8Array; recorder: TimelineRecorder } {
  const recorder = new TimelineRecorder(options);
  const report = simulate(graph, { timeline: recorder });
  return { report, bytes: recorder.encode(), recorder };
}

test("the spans of each node add up to its busy, starved and blocked cycles in the report", () => {
  for (const graph of [chain({ forwarders: 3, n: 50, capacity: 1, style: "peek-first" }), memoryGraph()]) {
    const { report, bytes } = record(graph);
    const { tracks, events } = decodeTrace(bytes);
    for (const node of report.nodes) {
      const track = tracks.find(
        (candidate) => candidate.name === node.id.split("/").at(-1) && candidate.unit === undefined,
      )!;
      const sums = sliceCycles(events, track.uuid);
      const total = (prefix: string): number =>
        [...sums].reduce((sum, [name, cycles]) => sum + (name.startsWith(prefix) ? cycles : 0), 0);
      expect([node.id, total("busy"), total("starved: "), total("blocked: ")]).toEqual([
        node.id,
        node.busy,
        node.starved,
        node.blocked,
      ]);
    }
  }
});

test("the counter of a channel starts and ends at zero and peaks at its high-water mark", () => {
  const { report, bytes } = record(chain({ forwarders: 2, n: 40, capacity: 4, style: "peek-first" }));
  const { tracks, events } = decodeTrace(bytes);
  for (const channel of report.channels) {
    const track = tracks.find((candidate) => candidate.name === channel.id)!;
    expect(track.unit).toBe("tokens");
    const values = events.filter((event) => event.track === track.uuid).map((event) => event.value!);
    expect(Math.max(...values)).toBe(channel.highWater);
    expect(values.at(-1)).toBe(0);
    const times = events.filter((event) => event.track === track.uuid).map((event) => event.time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
});

test("nodes are nested by the slashes in their ids, under a heading that states the scale of time", () => {
  const { tracks } = decodeTrace(record(memoryGraph()).bytes);
  const path = (name: string): string[] => {
    const names: string[] = [];
    let track = tracks.find((candidate) => candidate.name === name);
    for (; track !== undefined; track = tracks.find((parent) => parent.uuid === track!.parent)) names.push(track.name);
    return names;
  };
  expect(path("loader1")).toEqual(["loader1", "group", "nodes", "simulation (1 cycle = 1 ns)"]);
  expect(path("hbm traffic")).toEqual(["hbm traffic", "hbm", "nodes", "simulation (1 cycle = 1 ns)"]);
  expect(new Set(tracks.map((track) => track.uuid)).size).toBe(tracks.length);
});

test("each memory request is a flow from the requester through the port and back", () => {
  const { events } = decodeTrace(record(memoryGraph()).bytes);
  const flows = new Map<bigint, string[]>();
  for (const { flow, name, type } of events) {
    if (flow !== undefined) flows.set(flow, [...(flows.get(flow) ?? []), `${type} ${name}`]);
  }
  expect(flows.size).toBe(9);
  for (const steps of flows.values()) {
    expect(steps[0]).toBe("instant request");
    expect(steps[1]).toMatch(/^begin read \d+ bytes$/);
    expect(steps[2]).toBe("instant answer");
  }
});

test("the traffic of a memory integrates to its bytes", () => {
  const { report, bytes } = record(memoryGraph());
  const { tracks, events } = decodeTrace(bytes);
  const track = tracks.find((candidate) => candidate.name === "hbm traffic")!;
  expect(track.unit).toBe("bytes/cycle");
  const values = events.filter((event) => event.track === track.uuid);
  let sum = 0;
  for (const [i, event] of values.entries()) sum += event.value! * ((values[i + 1]?.time ?? event.time) - event.time);
  expect(Math.abs(sum - report.memories[0]!.bytesRead)).toBeLessThan(1);
  expect(values.at(-1)!.value).toBe(0);
});

test("two recordings of the same simulation are the same bytes", () => {
  expect(record(memoryGraph()).bytes).toEqual(record(memoryGraph()).bytes);
});

test("recording changes nothing in the report", () => {
  expect(record(memoryGraph()).report).toEqual(simulate(memoryGraph()));
});

test("a window keeps the cycles inside it and nothing else", () => {
  const { bytes } = record(chain({ forwarders: 1, n: 100, capacity: 1, style: "peek-first" }), { from: 50, until: 90 });
  const { events, tracks } = decodeTrace(bytes);
  expect(events.every((event) => event.time >= 50 && event.time <= 90)).toBe(true);
  for (const name of ["generator", "forwarder0", "consumer"]) {
    const sums = sliceCycles(events, tracks.find((track) => track.name === name)!.uuid);
    expect([name, [...sums.values()].reduce((a, b) => a + b, 0)]).toEqual([name, 40]);
  }
});

test("a limit on the number of events keeps the earliest ones and says where it cut", () => {
  const { bytes, recorder } = record(chain({ forwarders: 4, n: 500, capacity: 1, style: "peek-first" }), {
    maximumEvents: 300,
  });
  const { events } = decodeTrace(bytes);
  expect(recorder.truncatedAt).toBeGreaterThan(0);
  expect(events.filter((event) => event.type !== "end").length).toBeLessThanOrEqual(300);
  expect(Math.max(...events.map((event) => event.time))).toBeLessThanOrEqual(recorder.truncatedAt!);
});

test("simulations that follow each other are shown one after another, each in its group", () => {
  const part = () => chain({ forwarders: 2, n: 40, capacity: 4, style: "peek-first" });
  const alone = record(part());
  const recorder = new TimelineRecorder();
  for (const [name, start] of [
    ["first", 0],
    ["second/inner", alone.report.cycles],
  ] as const) {
    recorder.group(name, start);
    expect(simulate(part(), { timeline: recorder })).toEqual(alone.report);
  }
  const [one, both] = [decodeTrace(alone.bytes), decodeTrace(recorder.encode())];
  const timesUnder = ({ tracks, events }: ReturnType<typeof decodeTrace>, group: string): readonly number[] => {
    const pathOf = (uuid: number): string => {
      const track = tracks.find((each) => each.uuid === uuid);
      return track === undefined ? "" : `${pathOf(track.parent)}/${track.name}`;
    };
    return events.filter(({ track }) => pathOf(track).includes(`/nodes/${group}`)).map(({ time }) => time);
  };
  expect(both.events.length).toBe(2 * one.events.length);
  const times = timesUnder(one, "");
  expect(timesUnder(both, "first/")).toEqual(times);
  expect(timesUnder(both, "second/inner/")).toEqual(times.map((time) => time + alone.report.cycles));
});
