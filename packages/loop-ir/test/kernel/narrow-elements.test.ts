import process from "node:process";
import { describe, expect, test } from "vitest";
import { KernelCompiler, type Nest, NestBuilder, nodeHost, verifyNest } from "../../src/index.ts";

type Narrow = "i8" | "f16" | "bf16";

/** Copies `n` entries, widened: first in scalars, then in vectors, then in vectors of which 3 lanes are loaded. */
function copies(element: Narrow, lanes: number): Nest {
  const b = new NestBuilder("widen");
  const n = b.scalar("n", "i32");
  const x = b.buffer("x", element, { extent: n });
  const [one, many, some] = ["one", "many", "some"].map((name) =>
    b.buffer(name, "f32", { access: "write", extent: n }),
  ) as [ReturnType<typeof b.buffer>, ReturnType<typeof b.buffer>, ReturnType<typeof b.buffer>];
  const float = { lane: "f32", lanes } as const;
  const loaded = element === "i8" ? ({ lane: "i32", lanes } as const) : float;
  b.for("i", b.i32(0), n, (i) => b.store(one, i, b.convert("f32", b.load(x, i))));
  b.for(
    "i",
    b.i32(0),
    n,
    (i) => {
      b.store(many, i, b.convert(float, b.load(x, i, { type: loaded })));
      const mask = b.firstLanes({ bits: 32, lanes }, 3);
      b.store(some, i, b.convert(float, b.load(x, i, { type: loaded, mask })));
    },
    { step: lanes },
  );
  return b.finish();
}

describe.each(["interpreter", "wasm", "c"] as const)("narrow entries on %s", (target) => {
  // Without a C compiler, `c` is WebAssembly.
  const compiler = new KernelCompiler({ target: target === "c" ? "fastest" : target, host: nodeHost(process) });

  test.each([
    ["f16", 4],
    ["f16", 16],
    ["bf16", 8],
    ["i8", 16],
    ["i8", 4],
  ] as const)("of %s are widened exactly in scalars and in %i lanes", (element, lanes) => {
    const n = element === "i8" ? 256 : 65536;
    const x =
      element === "i8" ? Int8Array.from({ length: n }, (_, at) => at) : Uint16Array.from({ length: n }, (_, at) => at);
    const [one, many, some] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
    const [kernel] = compiler.compile([copies(element, lanes)]);
    kernel!.bind({ n, x, one, many, some }).run();
    expect(many).toEqual(one);
    expect(some).toEqual(one.map((value, at) => (at % lanes < 3 ? value : 0)));
    const expected = {
      f16: { 15360: 1, 1: 2 ** -24, 33791: -1023 * 2 ** -24, 31743: 65504, 64512: -Infinity, 32768: -0 },
      bf16: { 16256: 1, 49864: -100, 1: 2 ** -133, 32640: Infinity, 32768: -0 },
      i8: { 5: 5, 128: -128, 255: -1 },
    }[element];
    for (const [bits, value] of Object.entries(expected)) expect(one[Number(bits)]).toBe(value);
    if (element !== "i8") expect(one[0x7fff]).toBeNaN();
  });
});

test("halves, and vectors of bytes, are not stored", () => {
  for (const element of ["f16", "i8"] as const) {
    const b = new NestBuilder("store");
    const x = b.buffer("x", element, { access: "write" });
    const lane = element === "i8" ? ("i32" as const) : ("f32" as const);
    b.store(x, b.i32(0), b.splat({ lane, lanes: 4 }, 1));
    expect(() => b.finish()).toThrow(`is not rounded to the ${element} of x`);
  }
  expect(verifyNest(copies("bf16", 4))).toEqual([]);
});
