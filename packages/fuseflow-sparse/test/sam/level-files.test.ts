import {
  convert,
  csc,
  csr,
  dcsr,
  denseFormat,
  pack,
  type Tensor,
  type TensorFormat,
  uniformTensor,
} from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import type { SamLevelKind } from "../../src/sam/graph.ts";
import { type LevelNumbering, printLevelFiles, readLevelFiles } from "../../src/sam/level-files.ts";
import { graphFiles, messageOf, readText } from "../support/graph-files.ts";

const recorded = new Map(graphFiles("level-files", "").map((name) => [name, readText(`level-files/${name}`)]));
const stored = (format: TensorFormat) => ({
  levels: format.levels.map(({ kind }) => kind as SamLevelKind),
  modeOrder: format.modeOrder,
});

test("recorded operands are read, and written back to the same files", () => {
  const written = new Map<string, string>();
  for (const name of ["B", "C"]) {
    const tensor = readLevelFiles(recorded, { name, ...stored(dcsr) });
    for (const [file, text] of printLevelFiles(tensor, { name })) written.set(file, text);
  }
  const trimmed = (files: ReadonlyMap<string, string>) =>
    Object.fromEntries([...files].map(([name, text]) => [name, text.trim()]).toSorted());
  expect(trimmed(written)).toEqual(trimmed(recorded));
});

describe.each(["level", "mode"] as const)("numbered by %s", (numbering: LevelNumbering) => {
  test.each([dcsr, csr, csc, denseFormat(2)])("a tensor of %j survives", (format) => {
    const list = uniformTensor({ shape: [7, 5], entries: 11, seed: 3 });
    const tensor: Tensor = pack(list, format);
    const files = printLevelFiles(tensor, { name: "T", numbering });
    expect(readLevelFiles(files, { name: "T", numbering, ...stored(format) })).toEqual(tensor);
  });
});

test("the two numberings differ for a transposed tensor", () => {
  const tensor = pack(uniformTensor({ shape: [7, 5], entries: 11, seed: 3 }), dcsr);
  const transposed = convert(tensor, { ...dcsr, modeOrder: [1, 0] });
  expect(printLevelFiles(transposed, { name: "T" }).get("tensor_T_mode_0_seg")?.split("\n")).toHaveLength(3);
  expect(
    printLevelFiles(transposed, { name: "T", numbering: "mode" }).get("tensor_T_mode_1_seg")?.split("\n"),
  ).toHaveLength(3);
});

test("faults name the file, the line and what is missing", () => {
  const files = new Map(recorded);
  files.delete("tensor_B_mode_1_crd");
  files.set("tensor_B_mode_0_seg", "0\n1e99\n");
  files.set("tensor_B_mode_vals", "1.5\nabc\n");
  expect(messageOf(() => readLevelFiles(files, { name: "B", ...stored(dcsr) }))).toMatchInlineSnapshot(`
    "tensor_B_mode_0_seg:2:1: error: expected an integer from 0 to 2147483647, found '1e99'
      2 | 1e99
        | ^^^^
    error: there is no file tensor_B_mode_1_crd
      help: tensor B needs it as it is stored; a dense level needs none
    tensor_B_mode_vals:2:1: error: expected a number, found 'abc'
      2 | abc
        | ^^^
    "
  `);
});

test("arrays that contradict each other are refused", () => {
  const files = new Map(recorded).set("tensor_B_mode_0_seg", "0\n99\n");
  expect(() => readLevelFiles(files, { name: "B", ...stored(dcsr) })).toThrow(
    "the level arrays of B do not make a tensor",
  );
});
