import { pack, parseFormat, uniformTensor } from "@millrace/tensor";
import { expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { checkedRun, oneRegion, programOver } from "../support/compile-runs.ts";

function sparse(shape: readonly number[], seed: number, format = "s".repeat(shape.length)) {
  const entries = Math.round(0.3 * shape.reduce((product, extent) => product * extent, 1));
  return pack(uniformTensor({ shape, entries, seed, values: "quarters" }), parseFormat(format, shape.length));
}

test("views of one tensor in two index orders give a cycle, which one transposed copy breaks", () => {
  const inputs = { B: sparse([9, 9], 1), C: sparse([9, 9], 2) };
  const program = programOver(inputs, "T(i,j) = B(i,k) * C(k,j)\nE(i,l) = B(i,j) * T(l,j) * C(j,i)");
  const compiled = compileProgram(program, {
    schedule: { regions: oneRegion(program) },
    stored: new Map(Object.entries(inputs).map(([name, tensor]) => [name, storedTensor(tensor)])),
  });
  const [region] = compiled.regions;
  expect(region?.transposes).toHaveLength(1);
  expect(region?.transposes[0]?.reasons.join()).toContain("is stored with");
  expect(checkedRun(program, inputs, { regions: oneRegion(program) }).error).toBeLessThan(1e-9);
});

test("a second view of a tensor is a second walk of it where no cycle arises", () => {
  const inputs = { B: sparse([9, 9], 1), C: sparse([9, 9], 2) };
  const program = programOver(inputs, "A(i,j) = B(i,k) * C(k,j)\nE(i,j) = B(i,k) * A(k,j)");
  const { run, error } = checkedRun(program, inputs, { regions: oneRegion(program) });
  expect(error).toBeLessThan(1e-9);
  const [kernel] = run.regions[0]!.kernels;
  expect([...kernel!.kernel.region.views]).toEqual([
    ["E", [["i", "j"]]],
    ["A", [["k", "j"]]],
  ]);
  expect(kernel!.kernel.graph.blocks.filter((block) => block.type === "root" && block.tensor === "B")).toHaveLength(1);
  expect(kernel!.kernel.graph.blocks.filter((block) => block.type === "scanner" && block.tensor === "B")).toHaveLength(
    4,
  );
});

test("a result used in two views is computed for each, and the region says so", () => {
  const inputs = { B: sparse([9, 9], 1), C: sparse([9, 9], 2) };
  const program = programOver(inputs, "T(i,j) = B(i,k) * C(k,j)\nE(i,j) = T(i,k) * T(j,k)");
  const { run, error } = checkedRun(program, inputs, { regions: oneRegion(program) });
  expect(error).toBeLessThan(1e-9);
  const [kernel] = run.regions[0]!.kernels;
  expect(kernel!.kernel.region.views.get("T")).toEqual([
    ["i", "k"],
    ["j", "k"],
  ]);
});

test.each([2, 3])("a reduction outside %i kept loops lowers to an accumulator of that order", (kept) => {
  const loops = ["i", "j", "l"].slice(0, kept);
  const inputs = {
    B: sparse([6, ...loops.map(() => 5)], 3),
    C: sparse([6, ...loops.map(() => 5)], 4),
  };
  const at = loops.join();
  const program = programOver(inputs, `Y(${at}) = B(k,${at}) * C(k,${at})`);
  const { run, error } = checkedRun(program, inputs, { regions: oneRegion(program) });
  expect(error).toBeLessThan(1e-9);
  const sums = run.regions[0]!.kernels[0]!.kernel.graph.blocks.filter((block) => block.type === "spacc");
  expect(sums).toMatchObject([{ order: kept }]);
});

test("adding a vector to rows fills rows that are not stored", () => {
  const A = pack(uniformTensor({ shape: [12, 5], entries: 6, seed: 5, values: "quarters" }), parseFormat("ss", 2));
  const inputs = { A, c: pack(uniformTensor({ shape: [5], entries: 5, seed: 6 }), parseFormat("d", 1)) };
  const program = programOver(
    inputs,
    "Z(i,j) = A(i,j) + c(j)\nY(i,j) = softmax[j](Z(i,j))\nE(i,j) = exp(A(i,j))\noutput Y, E, Z",
  );
  expect(checkedRun(program, inputs, { regions: oneRegion(program) }).error).toBeLessThan(1e-12);
});

test("softmax under a mask counts the mask's entries alone, also where the product has none", () => {
  const inputs = { Q: sparse([8, 4], 7), K: sparse([4, 8], 8), M: sparse([8, 8], 9), V: sparse([8, 4], 10) };
  const text =
    "S(i,j) = Q(i,k) * K(k,j)\nB(i,j) = M(i,j) * S(i,j)\nP(i,j) = softmax[j](B(i,j))\nO(i,l) = P(i,j) * V(j,l)";
  const program = programOver(inputs, text);
  expect(checkedRun(program, inputs, { regions: oneRegion(program) }).error).toBeLessThan(1e-9);
  const alone = program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
  expect(checkedRun(program, inputs, { regions: alone }).error).toBeLessThan(1e-9);
});
