import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centred, fitted, panned, parseCamera, printCamera, zoomed } from "../../src/graph/camera.ts";
import { fold } from "../../src/graph/fold.ts";
import { follow, parseFolding, printFolding } from "../../src/graph/graph-state.ts";
import { MOST_SHOWN, openedAtFirst, withGroups } from "../../src/graph/groups.ts";
import { nodeAt, sceneOf } from "../../src/graph/scene.ts";
import { searchNodes } from "../../src/graph/search.ts";
import type { GraphView } from "../../src/view/graph.ts";

const node = (id: string, group?: string, busy?: number) => ({
  ...{ id, label: id.toUpperCase(), kind: "alu" },
  ...(group !== undefined && { group }),
  ...(busy !== undefined && { counters: { busy } }),
});
const chain = (count: number): GraphView => ({
  nodes: Array.from({ length: count }, (_, at) => node(`n${at}`)),
  edges: Array.from({ length: count - 1 }, (_, at) => ({ from: `n${at}`, to: `n${at + 1}`, tokens: 1 })),
});
const nested: GraphView = {
  nodes: [node("a", "x/y", 1), node("b", "x/y", 2), node("c", "x", 4), node("d", undefined, 8)],
  edges: [
    { from: "a", to: "b", tokens: 5, bytes: 1 },
    { from: "b", to: "c", tokens: 6 },
    { from: "a", to: "c", tokens: 7 },
    { from: "c", to: "d" },
    { from: "d", to: "d" },
  ],
};

describe("folding", () => {
  it("stands for the nodes in a group by one, with their counters and traffic added up", () => {
    const shown = fold(nested, new Set(["x"]));
    expect(shown.nodes.map(({ id, size, counters }) => [id, size, counters.busy])).toEqual([
      ["group:x/y", 2, 3],
      ["c", 1, 4],
      ["d", 1, 8],
    ]);
    expect(shown.edges.map(({ from, to, tokens, edges }) => [from, to, tokens, edges.length])).toEqual([
      [0, 1, 13, 2],
      [1, 2, 0, 1],
      [2, 2, 0, 1],
    ]);
    expect(fold(nested, new Set()).nodes.map(({ id }) => id)).toEqual(["group:x", "d"]);
    expect(fold(nested, new Set(["x", "x/y"])).nodes).toHaveLength(4);
  });

  it("loses no counter and no token between groups, whatever is open", () => {
    const group = fc.constantFrom(undefined, "p", "p/q", "p/r", "s");
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 1, maxLength: 12 }),
        fc.subarray(["p", "p/q", "p/r", "s"]),
        (groups, open) => {
          const nodes = groups.map((each, at) => node(`n${at}`, each, at));
          const edges = nodes.flatMap(({ id }, at) => (at === 0 ? [] : [{ from: "n0", to: id, tokens: at }]));
          const shown = fold({ nodes, edges }, new Set(open));
          const busy = shown.nodes.reduce((sum, { counters }) => sum + (counters.busy ?? 0), 0);
          expect(busy).toBe(nodes.reduce((sum, _, at) => sum + at, 0));
          const between = edges.filter(({ to }) => shown.placeOf.get("n0") !== shown.placeOf.get(to));
          expect(shown.edges.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(
            between.reduce((sum, { tokens }) => sum + tokens, 0),
          );
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it("a graph of 50,000 nodes without groups opens folded, in the order of its edges", () => {
    const graph = withGroups(chain(50_000));
    const shown = fold(graph, openedAtFirst(graph));
    expect(shown.nodes.length).toBeLessThanOrEqual(MOST_SHOWN);
    expect(shown.nodes.reduce((sum, { size }) => sum + size, 0)).toBe(50_000);
    expect(graph.nodes[0]!.group).toBe("parts from 001/part 001");
    expect(withGroups(chain(MOST_SHOWN))).toEqual(chain(MOST_SHOWN));
    const ring = { ...chain(1000), edges: [...chain(1000).edges, { from: "n999", to: "n0" }] };
    expect(withGroups(ring).nodes.every(({ group }) => group !== undefined)).toBe(true);
  });

  it("survives its way through the address; a text of another kind is as good as none", () => {
    const groups = new Set(["a", "a/b", "c"]);
    for (const opened of [new Set<string>(), new Set(["a"]), new Set(["a", "a/b"]), groups])
      for (const first of [new Set<string>(), new Set(["c"]), groups])
        expect(parseFolding(printFolding(opened, first, groups), first, groups)).toEqual(opened);
    for (const text of ["{", "7", '{"a":1}', "[1]"])
      expect(parseFolding(text, new Set(["c"]), groups)).toEqual(new Set(["c"]));
  });
});

describe("the drawing of a graph", () => {
  const random = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
  });

  it("puts no node over another, and ends every edge at its nodes, cycles or not", () => {
    fc.assert(
      fc.property(random, ({ count, pairs }) => {
        const graph = {
          nodes: Array.from({ length: count }, (_, at) => node(`n${at}`)),
          edges: pairs.map(([from, to]) => ({ from: `n${from % count}`, to: `n${to % count}` })),
        };
        const { layout, shown } = sceneOf(fold(graph, new Set()), undefined);
        for (let a = 0; a < count; a++)
          for (let b = 0; b < a; b++) {
            const across = Math.abs(layout.x[a]! - layout.x[b]!) - (layout.width[a]! + layout.width[b]!) / 2;
            expect(Math.max(across, Math.abs(layout.y[a]! - layout.y[b]!) - layout.height)).toBeGreaterThan(-1e-6);
          }
        for (const [at, { from, to }] of shown.edges.entries()) {
          const route = layout.routes[at]!;
          if (from === to) expect(route.length).toBe(0);
          else expect([route[0], route.at(-2)]).toEqual([layout.x[from], layout.x[to]]);
        }
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it("lets all edges of a graph without cycles go down, and is the same each time", () => {
    const graph = { ...chain(30), edges: [...chain(30).edges, { from: "n0", to: "n29" }, { from: "n3", to: "n7" }] };
    const scenes = [0, 1].map(() => sceneOf(fold(graph, new Set()), undefined).layout);
    expect(scenes[0]).toEqual(scenes[1]);
    for (const route of scenes[0]!.routes)
      for (let at = 3; at < route.length; at += 2) expect(route[at]).toBeGreaterThan(route[at - 2]!);
    expect(sceneOf(fold({ nodes: [], edges: [] }, new Set()), 5).layout.box.bottom).toBeGreaterThan(0);
  });

  it("finds the node under a point, and shares of the run", () => {
    const scene = sceneOf(fold(nested, new Set()), 15);
    const camera = fitted(scene.layout.box, { width: 400, height: 300 });
    const at = (place: number) => ({
      x: (scene.layout.x[place]! - camera.left) * camera.scale,
      y: (scene.layout.y[place]! - camera.top) * camera.scale,
    });
    expect([
      nodeAt(scene, camera, at(0)),
      nodeAt(scene, camera, at(1)),
      nodeAt(scene, camera, { x: -1, y: -1 }),
    ]).toEqual([0, 1, -1]);
    expect([scene.shares[0], scene.shares[3]]).toEqual([7 / 45, 8 / 15]);
  });
});

describe("moving about", () => {
  it("zooming holds the point under the pointer, panning follows it", () => {
    const camera = centred(100, 50, { width: 400, height: 300, scale: 2 });
    const near = zoomed(camera, 1.5, { x: 30, y: 40 });
    expect(near.left + 30 / near.scale).toBeCloseTo(camera.left + 15);
    expect(near.top + 40 / near.scale).toBeCloseTo(camera.top + 20);
    expect(panned(camera, 10, -4)).toEqual({ ...camera, left: camera.left - 5, top: camera.top + 2 });
    expect(parseCamera(printCamera(camera))).toEqual(camera);
    for (const text of ["", "1,2", "a,b,c", "1,2,0", "1,2,3,4"]) expect(parseCamera(text)).toBeUndefined();
  });

  it("arrow keys follow edges, and go round the readers of one producer", () => {
    const shown = fold(
      {
        nodes: ["a", "b", "c"].map((id) => node(id)),
        edges: [
          { from: "a", to: "b" },
          { from: "a", to: "c" },
        ],
      },
      new Set(),
    );
    expect(follow(shown, -1, "down")).toBe(0);
    expect(follow(shown, 0, "down")).toBe(1);
    expect(follow(shown, 1, 1)).toBe(2);
    expect(follow(shown, 2, 1)).toBe(1);
    expect(follow(shown, 2, "up")).toBe(0);
    expect(follow(shown, 2, "down")).toBe(2);
    expect(follow(fold({ nodes: [], edges: [] }, new Set()), -1, "up")).toBe(-1);
  });

  it("a search takes every word, in names, kinds, ids and groups", () => {
    expect(searchNodes(nested, " ")).toBeUndefined();
    expect(searchNodes(nested, "ALU x/y")!.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(searchNodes(nested, "x nothing")).toEqual([]);
  });
});
