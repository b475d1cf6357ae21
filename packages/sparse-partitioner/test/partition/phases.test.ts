import { coordinateList, csr, dcsr, pack, rmatGraph, type Tensor } from "@millrace/tensor";
import { describe, expect, it } from "vitest";
import { unitWork } from "../../src/partition/plan.ts";
import { verify } from "../../src/partition/verify.ts";
import { compileKernel } from "../../src/run/kernel.ts";

/** 4096 rows of 16 entries in a matrix of 8192 rows, from row `first` on. */
function rowsFrom(first: number): Tensor {
  const rows: number[][] = [];
  for (let i = 0; i < 4096; i++) for (let j = 0; j < 16; j++) rows.push([first + i, 3 * j, 1]);
  return pack(coordinateList([8192, 64], rows), dcsr);
}

describe("phases", () => {
  it("keep all units busy where an intersection leaves few rows", async () => {
    // The last 204 rows of one matrix are the first of the other: nothing else is left.
    const kernel = compileKernel("C(i,j) = A(i,j) * B(i,j)", {
      operands: { A: rowsFrom(0), B: rowsFrom(4096 - 204) },
      resultFormat: dcsr,
    });
    const { stages, statistics, result } = await kernel.run({ units: 64, statistics: true });
    const [rows, entries] = stages[0]!.plan!.phases;
    expect(rows!.plan.work).toBe(8192);
    expect(new Set(unitWork(rows!.plan))).toEqual(new Set([128]));
    expect(entries!.plan.work).toBe(2 * 204 * 16);
    expect(new Set(unitWork(entries!.plan))).toEqual(new Set([102]));
    expect(statistics!.unitSteps.every((steps) => steps > 0)).toBe(true);
    expect(result.values.length).toBe(204 * 16);
  });

  it("divide the products of a matrix product evenly, also where one row is full", async () => {
    const graph = rmatGraph({ scale: 9, edges: 4096, seed: 5 });
    const full = [...Array(512).keys()].flatMap((j) => [[7, j, 1], ...(j === 7 ? [] : [[j, (j * 37) % 512, 1]])]);
    for (const matrix of [pack(graph, csr), pack(coordinateList([512, 512], full), csr)]) {
      const kernel = compileKernel("C(i,k) = A(i,j) * B(j,k)", {
        operands: { A: matrix, B: matrix },
        resultFormat: csr,
      });
      for (const units of [2, 3, 64, 1024]) {
        const { stages } = await kernel.run({ units });
        const { plan } = stages[0]!.plan!.phases.at(-1)!;
        const parts = unitWork(plan);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
        expect(verify(plan)).toMatchObject({ holds: true, excess: 0 });
      }
    }
  });

  it("explain what is sorted or stored otherwise first", async () => {
    const list = coordinateList(
      [3, 3],
      [
        [0, 1, 2],
        [2, 0, 3],
      ],
    );
    const hashed = pack(list, { levels: [{ kind: "hashed" }, { kind: "hashed" }], modeOrder: [0, 1] });
    const kernel = compileKernel("C(i,j) = A(i,j) + B(j,i)", {
      operands: { A: hashed, B: pack(list, csr) },
      resultFormat: csr,
    });
    const { stages } = await kernel.run({ units: 2 });
    const notes = stages[0]!.runner.stage.notes.join("\n");
    expect(notes).toContain("sort A: DOK to DCSR");
    expect(notes).toContain("transpose B: CSR to CSC");
  });
});
