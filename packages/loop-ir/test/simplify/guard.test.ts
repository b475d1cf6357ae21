import { describe, expect, it } from "vitest";
import { compileInterpreter, guardAccesses, type Nest, NestBuilder, printNest, verifyNest } from "../../src/index.ts";
import { RandomNest } from "../support/random-nest.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

const guarded = (nest: Nest) => guardAccesses(nest, { bounds: true });
const bounds = (nest: Nest) =>
  printNest(guarded(nest))
    .split("\n")
    .filter((line) => line.includes("bound "))
    .map((line) => line.trim());

describe("guarding accesses", () => {
  it("checks once per loop what the loop's variable reaches, and not what the declarations promise", async () => {
    await expect(printNest(guarded(spmvNest()))).toMatchFileSnapshot("guard/spmv.expect");
    await expect(printNest(guarded(csrAddNest()))).toMatchFileSnapshot("guard/csr-add.expect");
  });

  it("gives nests that are well-formed", () => {
    const nests = [spmvNest(), csrAddNest(), ...[1, 2, 3, 4, 5, 6].map((seed) => new RandomNest(seed).build())];
    expect(nests.map(guarded).flatMap(verifyNest)).toEqual([]);
  });

  it("trusts a limit only while the variable keeps its value and the buffer is not written", () => {
    const b = new NestBuilder("limits");
    const n = b.scalar("n", "i32");
    const index = b.buffer("index", "i32", { within: n, extent: n });
    const written = b.buffer("written", "i32", { access: "read-write", within: n, extent: n });
    const y = b.buffer("y", "f64", { access: "write", extent: n });
    b.for("i", 0, n, (i) => {
      const j = b.local("j", b.load(index, i));
      b.store(y, j, 0);
      b.set(j, b.add(j, 1));
      b.store(y, j, 0);
      b.store(y, b.load(written, i), 0);
    });
    expect(bounds(b.finish())).toEqual(["bound y[j]", "bound y[written[i]]"]);
  });

  it("checks accesses under a condition where they are made", () => {
    const b = new NestBuilder("branch");
    const [n, x] = [b.scalar("n", "i32"), b.buffer("x", "i32", { access: "read-write" })];
    b.for("i", 0, n, (i) =>
      b.if(
        b.less(i, 3),
        () => b.store(x, i, 1),
        () => b.store(x, b.i32(0), 2),
      ),
    );
    const nest = b.finish();
    expect(bounds(nest)).toEqual(["bound x[i]", "bound x[0]"]);
    compileInterpreter(guarded(nest))
      .bind({ n: 9, x: new Int32Array(3) })
      .run();
  });

  it("does not let the end of a loop wrap", () => {
    const b = new NestBuilder("wrap");
    const [from, to] = [b.scalar("from", "i32"), b.scalar("to", "i32")];
    const x = b.buffer("x", "i32", { access: "write" });
    b.for("i", from, to, (i) => b.store(x, b.add(i, 1), 1));
    const bound = compileInterpreter(guarded(b.finish())).bind({
      from: 2 ** 31 - 2,
      to: 2 ** 31 - 1,
      x: new Int32Array(4),
    });
    expect(() => bound.run()).toThrow("outside x");
  });
});
