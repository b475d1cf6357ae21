import { describe, expect, it } from "vitest";
import {
  accum,
  analyze,
  bufferize,
  evaluate,
  flatMap,
  linearLoadPer,
  map2,
  multihot,
  output,
  Program,
  partition,
  ragged,
  regular,
  repeat,
  reshape,
  source,
  streamify,
  tile,
} from "../../src/index.ts";

describe("off-chip bytes", () => {
  it("stay symbolic until the sizes are known", () => {
    // Two experts with weights of 64 × 256, loaded as 64 × 64 tiles of bf16 once for every four rows.
    const program = new Program("experts");
    program.tensor("w", { scalar: "bf16", rows: 64, columns: 256 });
    const rows = source(program, { id: "x", shape: [regular(program.symbol("B"))], element: tile("bf16", 1, 64) });
    const route = source(program, { id: "route", shape: [regular(program.symbol("B"))], element: multihot(2) });
    for (const stream of partition(rows, route, { rank: 0 })) {
      const packed = accum(reshape(stream, { chunk: 4 }).chunks, { fn: "retile-rows", rank: 1 });
      output(linearLoadPer(packed, { tensor: "w", tile: [64, 64], shape: [4], stride: [1] }));
    }
    const { offChipBytes } = analyze(program);
    expect(offChipBytes.text).toBe("32768*ceil(route.n0/4) + 32768*ceil(route.n1/4)");
    expect(
      evaluate(
        offChipBytes,
        new Map([
          ["route.n0", 6],
          ["route.n1", 4],
        ]),
      ),
    ).toBe(98_304);
  });

  it("never multiply through a ragged dimension", () => {
    const program = new Program("ragged");
    program.tensor("w", { scalar: "f32", rows: 1, columns: 1 });
    const shape = [regular(program.symbol("B")), ragged(program.symbol("L").text)];
    const x = source(program, { id: "x", shape, element: tile("f32", 1, 1) });
    const chunks = reshape(x, { chunk: 4 }).chunks;
    output(linearLoadPer(chunks, { tensor: "w", tile: [1, 1], shape: [1], stride: [1] }));
    const { offChipBytes } = analyze(program);
    expect(offChipBytes.text).toBe("16*sum(ceil(L/4))");
    expect(evaluate(offChipBytes, new Map([["L", [5, 1, 0, 8]]]))).toBe(16 * (2 + 1 + 0 + 2));
  });
});

describe("on-chip bytes", () => {
  it("follow the rules of both profiles, node by node", () => {
    const program = new Program("rules");
    program.tensor("w", { scalar: "f32", rows: 64, columns: 32 });
    const x = source(program, { id: "x", shape: [regular(2), regular(3)], element: tile("f32", 16, 64) });
    const w = linearLoadPer(x, { id: "w", tensor: "w", tile: [64, 32], shape: [1], stride: [1] });
    const again = repeat(x, { id: "again", count: 1 });
    const y = map2(again, w, { id: "y", fn: "matmul" });
    output(accum(y, { id: "sum", fn: "add", rank: 2 }));
    const buffers = bufferize(x, { id: "held", rank: 1 });
    output(flatMap(streamify(buffers, { id: "read", repeat: [2] }), { id: "rows", fn: "split-rows" }));
    const held = (profile: "paper" | "artifact"): Record<string, number | undefined> => {
      const { nodes } = analyze(program, { profile });
      return Object.fromEntries(nodes.map((node) => [node.id, node.onChipBytes.value]));
    };
    const [input, weight, result] = [16 * 64 * 4, 64 * 32 * 4, 16 * 32 * 4];
    expect(held("paper")).toEqual({
      w: 2 * weight,
      again: input,
      y: 16 * 64 * 4 + weight,
      sum: result,
      held: input + 2 * 3 * input,
    });
    expect(held("artifact")).toEqual({
      w: weight,
      again: input,
      sum: result,
      held: input + 2 * 3 * input,
      read: 3 * input + input,
    });
  });

  it("count loads of f32 as bf16 only where that is asked for", () => {
    const program = new Program("loads");
    program.tensor("w", { scalar: "f32", rows: 64, columns: 32 });
    const x = source(program, { id: "x", shape: [regular(2)], element: tile("f32", 1, 1) });
    output(linearLoadPer(x, { tensor: "w", tile: [64, 32], shape: [1], stride: [1] }));
    expect(analyze(program).offChipBytes.value).toBe(2 * 64 * 32 * 4);
    expect(analyze(program, { loadBytesPerF32: 2 }).offChipBytes.value).toBe(2 * 64 * 32 * 2);
  });
});
