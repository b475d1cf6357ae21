import { expect, it } from "vitest";
import wabt from "wabt";
import { NestBuilder } from "../../../src/nest/nest-builder.ts";
import { emitWasm } from "../../../src/wasm/emit.ts";
import { printWat } from "../../../src/wasm/text/print-wat.ts";
import { RandomNest } from "../../support/random-nest.ts";

const tools = await wabt();

function module(): Uint8Array {
  const b = new NestBuilder("mixed");
  const n = b.scalar("n", "i32");
  const x = b.buffer("x", "f64", { access: "read-write", extent: n });
  const bits = b.buffer("bits", "i64", { access: "read-write", extent: n });
  const small = b.buffer("small", "i8", { access: "read-write", extent: n });
  b.for("i", 0, n, (i) => {
    const word = b.local("word", b.load(bits, i));
    b.if(
      b.less(word, -5_000_000_000n),
      () => b.store(x, i, b.add(b.load(x, i), -0.125)),
      () => b.store(bits, i, b.binary("shift-left", word, b.convert("i64", b.unary("trailing-zeros", b.i32(40))))),
    );
    b.store(small, i, b.convert("i32", b.multiply(b.load(x, i), 1e300)));
  });
  return emitWasm(b.finish()).bytes;
}

it("vector instructions are read back, in random nests", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { bytes } = emitWasm(new RandomNest(seed).build());
    const read = tools.parseWat("module.wat", printWat(bytes), { threads: true, simd: true });
    expect([...read.toBinary({}).buffer], `seed ${seed}`).toEqual([...bytes]);
  }
});

it("the text form is read back to the same module by another tool", () => {
  const bytes = module();
  const read = tools.parseWat("module.wat", printWat(bytes), { threads: true });
  expect([...read.toBinary({}).buffer]).toEqual([...bytes]);
});

it("the text shows the function that is exported", () => {
  expect(printWat(module())).toMatch(/\(func \(;1;\) \(export "run"\) \(param i32 /);
});
