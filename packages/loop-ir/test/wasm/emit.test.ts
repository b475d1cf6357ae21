import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { emitWasm } from "../../src/index.ts";
import { RandomNest } from "../support/random-nest.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

const tools = await wabt();

/** The text of a module, read with the proposals that Node 20 accepts and no others. */
function disassembled(bytes: Uint8Array): string {
  const features = { threads: true, simd: true, sat_float_to_int: true, bulk_memory: true, mutable_globals: true };
  const module = tools.readWasm(bytes, features);
  return module.toText({ foldExprs: false, inlineExport: false });
}

describe("emitted WebAssembly", () => {
  it("is small: a sparse matrix times a vector takes less than 1 KB, with its checks", () => {
    expect(emitWasm(spmvNest()).bytes.length).toBeLessThan(1024);
    expect(emitWasm(spmvNest(), { checked: false }).bytes.length).toBeLessThan(562);
  });

  it("reads as the nest does", async () => {
    await expect(disassembled(emitWasm(spmvNest(), { checked: false }).bytes)).toMatchFileSnapshot("spmv.wat.expect");
  });

  it("is valid and can be disassembled", () => {
    for (const nest of [csrAddNest(), ...[1, 2, 3, 4, 5].map((seed) => new RandomNest(seed).build())]) {
      const { bytes } = emitWasm(nest);
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(disassembled(bytes)).toContain("i32.atomic.rmw.add");
    }
  });
});
