import { describe, expect, it } from "vitest";
import { answerTo } from "../../src/playground/compute.ts";
import { examples } from "../../src/playground/examples.ts";
import { type PlaygroundRequest, startRequest } from "../../src/playground/request.ts";
import { readGraphView } from "../../src/view/graph.ts";

const ask = (changes: Partial<PlaygroundRequest>) => answerTo({ ...startRequest, ...changes });

describe("an answer", () => {
  it.each(examples)("to $name has a graph and loops that give what the dense evaluation gives", async ({ request }) => {
    const { graph, loops } = await ask({ ...request, extent: 9, density: 0.3 });
    for (const part of [graph, loops]) {
      if (!part.ok) throw new Error(part.fault.text);
      expect(part.value.checked).toMatchObject({ differing: 0, largestError: 0 });
      expect(part.value.checked.compared).toBeGreaterThan(0);
    }
    if (!graph.ok || !loops.ok) return;
    expect(readGraphView(graph.value.graph)).toEqual(graph.value.graph);
    for (const { counters } of graph.value.graph.nodes)
      expect(counters!.busy! + counters!.starved! + counters!.blocked!).toBeLessThanOrEqual(graph.value.cycles);
    expect(loops.value.unitWork.reduce((sum, part) => sum + part, 0)).toBe(loops.value.work);
    expect(Math.max(...loops.value.unitWork)).toBeLessThanOrEqual(loops.value.bound);
    expect(loops.value.wat).toContain("(module");
    expect(loops.value.c).toContain("#include <stdint.h>");
    expect(graph.value.text).toContain("digraph");
  });

  it("is the same for the same seed, and another for another", async () => {
    const [one, same, other] = await Promise.all([ask({}), ask({}), ask({ seed: 2 })]);
    expect(one).toEqual(same);
    expect(JSON.stringify(one.graph)).not.toBe(JSON.stringify(other.graph));
  });

  it("says where an expression is wrong", async () => {
    const { tensors, result, graph, loops } = await ask({ expression: "y(i) = A(i,j) x(j)" });
    expect(result).toBeNull();
    for (const part of [tensors, graph, loops]) {
      expect(part).toMatchObject({ ok: false, fault: { spans: [{ start: 14, end: 15 }] } });
      expect(!part.ok && part.fault.text).toContain(
        "  1 | y(i) = A(i,j) x(j)\n    |               ^\n  help: write '*'",
      );
    }
  });

  it("says which tensor's format is wrong, and still names the result", async () => {
    const { graph, result } = await ask({ formats: { A: "zz" } });
    expect(result).toBe("y");
    expect(graph).toMatchObject({ ok: false, fault: { tensor: "A", spans: [] } });
  });

  it("has one part where only the other cannot be had", async () => {
    const { graph, loops } = await ask({
      expression: "y(i) = A(i,j) * x(j) + z(i)",
      order: "j,i",
      formats: { A: "CSC" },
    });
    expect(graph.ok && loops.ok).toBe(false);
    const diagonal = await ask({ expression: "d(i) = A(i,i)" });
    expect(diagonal.graph.ok).toBe(false);
    expect(diagonal.loops).toMatchObject({ ok: true, value: { checked: { differing: 0 } } });
  });

  it("refuses what would take too long, and says what does not", async () => {
    const request = { expression: "X(i,l) = A(i,j,k) * B(j,l) * C(k,l)", extent: 200 };
    const { graph } = await ask(request);
    expect(!graph.ok && graph.fault.text).toContain("take an extent of at most 45");
    expect((await ask({ ...request, extent: 10 })).graph.ok).toBe(true);
  });
});
