import { readFileSync } from "node:fs";
import { type CoordinateList, csr, pack, readTensorFile } from "@millrace/tensor";
import { expect, it } from "vitest";
import { partition } from "../../src/partition/plan.ts";
import { verify } from "../../src/partition/verify.ts";
import { spaceOf } from "../support/spaces.ts";

async function read(name: string): Promise<CoordinateList> {
  return (await readTensorFile(readFileSync(new URL(`../data/${name}`, import.meta.url)), { name })).list;
}

const asDriver = (list: CoordinateList) => ({ name: "m", levels: pack(list, csr).levels, weight: 1 });

it("a skewed matrix and its mirror image are divided evenly, which rows are not", async () => {
  const list = await read("rajat01.mtx.gz");
  const [rows, columns] = list.shape as [number, number];
  const mirrored = { ...list, coordinates: [list.coordinates[0]!.map((i) => rows - 1 - i), list.coordinates[1]!] };
  const space = spaceOf([rows, columns], [asDriver(list), asDriver(mirrored)]);
  const balanced = verify(partition(space, { units: 4096 }));
  expect(balanced).toMatchObject({ holds: true, idleUnits: 0 });
  expect(balanced.maximum).toBeLessThanOrEqual(23);
  expect(verify(partition(space, { units: 4096, strategy: "rows" })).maximum).toBeGreaterThan(1400);
});

it("visits of rows keep a unit from owning nearly all empty ones", async () => {
  const list = await read("LFAT5_hypersparse.mtx.gz");
  const [rows, columns] = list.shape as [number, number];
  const rowsOf = (visit: number, units: number) => {
    const plan = partition(spaceOf([rows, columns], [asDriver(list)], [visit]), { units });
    const spans = plan.cuts.slice(1).map(({ tuple }, u) => tuple[0]! - plan.cuts[u]!.tuple[0]!);
    return { ...verify(plan), work: plan.work, span: Math.max(...spans) };
  };
  expect(rowsOf(0, 64)).toMatchObject({ maximum: 1, span: 1987 });
  expect(rowsOf(1, 64)).toMatchObject({ holds: true, work: 2046, maximum: 32 });
  expect(rowsOf(1, 64).span).toBeLessThanOrEqual(32);
  expect(rowsOf(1, 1024)).toMatchObject({ holds: true, maximum: 2 });
  expect(rowsOf(1, 1024).span).toBeLessThanOrEqual(2);
});
