import { simulate } from "@millrace/sim-core";
import { pack, parseFormat, uniformTensor } from "@millrace/tensor";
import { expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { formatOfStored } from "../../src/compile/stored-tensor.ts";
import { buildMachine } from "../../src/simulate/machine.ts";
import { comal } from "../../src/timing/comal.ts";
import { programOver } from "../support/compile-runs.ts";

test("a long stream of tiles needs room for those on their way, not for all that there were", () => {
  const full = (seed: number) => uniformTensor({ shape: [96, 96], entries: 96 * 96, seed, values: "quarters" });
  const dense = parseFormat("dd", 2);
  const operands = { A: pack(full(1), dense), B: pack(full(2), dense) };
  const program = programOver(operands, "Y(i,j) = A(i,k) * B(k,j)");
  const compiled = compileProgram(program, { schedule: { regions: [{ name: "y", tensors: ["Y"] }], block: 2 } });
  const [kernel] = compiled.regions[0]!.kernels;
  const tiled = Object.entries({ A: full(1), B: full(2) }).map(([name, list]) => {
    return [name, pack(list, formatOfStored(compiled.tensors.get(name)!))] as const;
  });
  const machine = buildMachine(kernel!.graph, Object.fromEntries(tiled), { profile: comal });
  expect(simulate(machine.graph).deadlock).toBe(null);
  const product = kernel!.graph.blocks.find(({ type }) => type === "alu")!;
  const made = (machine.blocks.get(product.id) as { work: number }).work;
  expect(made).toBe(48 ** 3);
  expect(machine.tiles!.pool.highWater).toBeLessThan(made / 4);
});
