import { describe, expect, test } from "vitest";
import { checkedRun, denseOf, oneRegion, programOver } from "../support/compile-runs.ts";
import { fusedPrograms } from "../support/program-texts.ts";
import { compiledPrograms } from "../support/reference-data.ts";

const recorded = compiledPrograms();

describe.each(Object.entries(fusedPrograms))("the region of %s", (name, statements) => {
  const reference = recorded.get(name)!;
  const program = programOver(reference.inputs, statements);
  const { run, error } = checkedRun(program, reference.inputs, { regions: oneRegion(program), results: "compressed" });

  test("takes at most 5 % more cycles than the public compiler's graph", () => {
    expect(run.regions[0]!.kernels).toHaveLength(1);
    expect(run.cycles / reference.cycles).toBeLessThanOrEqual(1.05);
  });

  test("gives the dense reference and the recorded result", () => {
    expect(error).toBeLessThan(1e-9);
    const found = denseOf(run.tensors.get(program.outputs[0]!)!);
    expect(found).toHaveLength(reference.dense.length);
    reference.dense.forEach((value, place) => {
      expect(Math.abs(found[place]! - value)).toBeLessThan(1e-5);
    });
  });
});

/** Operations but those of maxima, which the peer does not print. */
function work(name: string): number {
  const reference = recorded.get(name)!;
  const program = programOver(reference.inputs, fusedPrograms[name]!);
  const { run } = checkedRun(program, reference.inputs, { regions: oneRegion(program), results: "compressed" });
  const [{ kernel, simulation }] = run.regions[0]!.kernels as [(typeof run.regions)[0]["kernels"][0]];
  const maxima = kernel.graph.blocks.filter((block) => block.type === "reduce" && block.operation === "max");
  return run.regions[0]!.flops - maxima.reduce((sum, { id }) => sum + simulation.counts.byBlock[id]!, 0);
}

test("fusing both layers of a GCN repeats the first for every neighbour: operations are those recorded", () => {
  expect(work("gcn_karate__p1_layer1") + work("gcn_karate__p2_layer2")).toBe(7402);
  expect(work("gcn_karate__f_full")).toBe(33_680);
});
