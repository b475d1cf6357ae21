import { describe, expect, it } from "vitest";
import { type Nest, NestBuilder, printNest, verifyNest } from "../../src/index.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

describe("a nest builder", () => {
  it("refuses operands of different types where they are written", () => {
    const b = new NestBuilder("n");
    expect(() => b.add(b.i32(1), b.f64(2))).toThrow("add takes two values of one type, not i32 and f64");
    expect(() => b.unary("square-root", b.i32(1))).toThrow("square-root is not for i32");
    expect(() => b.add(b.i32(1), 2.5)).toThrow("2.5 is no constant of type i32");
    expect(() => b.add(1, 2)).toThrow("make one of them a constant");
    expect(() => b.if(b.i32(1), () => {})).toThrow("if takes bool, not i32");
    expect(() => b.load(b.buffer("x", "f64"), b.f64(0))).toThrow("an index is an i32 or i64, not f64");
    expect(() => b.scalar("x", "i32")).toThrow("nest n declares x twice");
    expect(() => b.splat({ lane: "f64", lanes: 3 }, 0)).toThrow("f64x3 does not take 16, 32, 64 or 128 bytes");
  });

  it("refuses a nest that uses a variable before it is set, with every such place", () => {
    const b = new NestBuilder("n");
    const y = b.buffer("y", "i32", { access: "write" });
    const a = b.declare("a", "i32");
    b.if(b.less(b.unit, 3), () => b.set(a, 1));
    b.store(y, 0, a);
    b.for("i", 0, 4, (i) => b.store(y, i, i));
    b.store(y, 1, a);
    expect(() => b.finish()).toThrow(/store 1: a is used before it is set\nbody > store 3: a is used/);
  });
});

describe("the verifier", () => {
  it("accepts nests of any shape that the builder makes", () => {
    expect([spmvNest(), csrAddNest()].flatMap(verifyNest)).toEqual([]);
  });

  it("finds what is wrong with a nest made by hand", () => {
    const zero = { kind: "constant", type: "i32", value: 0 } as const;
    const nest: Nest = {
      name: "by hand",
      buffers: [
        { name: "x", element: "f64", access: "read", within: zero },
        { name: "x", element: "i32", access: "write", extent: { kind: "unit", type: "i32" } },
      ],
      scalars: [],
      locals: [{ name: "i", type: "i32" }],
      body: [
        { kind: "store", buffer: 0, index: zero, value: zero },
        { kind: "for", local: 0, from: zero, to: zero, step: 0, body: [{ kind: "set", local: 0, value: zero }] },
        { kind: "set", local: 0, value: { kind: "load", type: "i32", buffer: 1, index: zero } },
        { kind: "prefetch", buffer: 5, index: zero, level: 1 },
      ],
    };
    expect(verifyNest(nest).map(({ message }) => message)).toEqual([
      'declarations: "by hand" is no name',
      "declarations: x is declared twice",
      "x: only entries that are i32 or i64 lie within a limit, not f64",
      "x: a limit is made of scalars, lengths and constants only",
      "body > store 0: x is only read",
      "body > store 0: x holds f64, not i32",
      "body > for 1: the step is an integer of at least 1, not 0",
      "body > for 1: i is set in its own loop",
      "body > set 2: x is only written",
      "body > prefetch 3: there is no such buffer: 5",
    ]);
  });
});

describe("the printer", () => {
  it("shows loops, branches and declarations", async () => {
    await expect(printNest(spmvNest())).toMatchFileSnapshot("spmv.expect");
    await expect(printNest(csrAddNest())).toMatchFileSnapshot("csr-add.expect");
  });
});
