import { describe, expect, it } from "vitest";
import {
  compileInterpreter,
  compileWasm,
  fold,
  Heap,
  hoist,
  type LaneType,
  type Nest,
  NestBuilder,
  printNest,
  simplify,
  unrollFixedTrip,
  type Value,
  vectorize,
  verifyNest,
} from "../../src/index.ts";
import { randomNumbers } from "../support/matrices.ts";
import { outcomeOf, RandomNest, randomArguments } from "../support/random-nest.ts";

const bodyOf = (nest: Nest) =>
  printNest(nest)
    .split("\n")
    .filter((line) => !/scalar|buffer|nest|^}|^$/.test(line))
    .join("\n");

describe("all passes together", () => {
  it("change nothing that random nests compute, and leave them well-formed", () => {
    const heap = new Heap({ maximumBytes: 2 ** 24 });
    for (let seed = 5000; seed < 5060; seed++) {
      const nest = new RandomNest(seed).build();
      const simple = simplify(nest);
      expect(verifyNest(simple)).toEqual([]);
      const [expected, given] = [randomArguments(seed), randomArguments(seed)];
      const oracle = outcomeOf(() => compileInterpreter(nest).bind(expected).run({ units: 2 }), expected);
      const bound = compileWasm(simple, heap).bind(given);
      expect(
        outcomeOf(() => bound.run({ units: 2 }), given),
        `seed ${seed}`,
      ).toBe(oracle);
      bound.release();
    }
  });
});

describe("fold", () => {
  it("computes constants and drops what changes nothing", () => {
    const b = new NestBuilder("folds");
    const [n, y] = [b.scalar("n", "i32"), b.buffer("y", "i32", { access: "write" })];
    b.store(y, b.add(b.multiply(n, 1), 0), b.multiply(b.i32(6), 7));
    b.if(
      b.less(b.i32(1), 2),
      () => b.store(y, 0, n),
      () => b.store(y, 1, n),
    );
    b.for("i", 3, 3, (i) => b.store(y, i, n));
    b.store(y, 2, b.divide(b.i32(1), 0));
    expect(bodyOf(fold(b.finish()))).toBe("  y[n] = 42\n  y[0] = n\n  y[2] = (1 / 0)");
  });

  it("keeps the sign of zero: adding 0 to a float is not nothing", () => {
    const b = new NestBuilder("zeros");
    const [x, y] = [b.scalar("x", "f64"), b.buffer("y", "f64", { access: "write" })];
    b.store(y, 0, b.add(b.multiply(x, 1), 0));
    expect(bodyOf(fold(b.finish()))).toBe("  y[0] = (x + 0.0)");
  });
});

describe("hoist", () => {
  it("moves repeated arithmetic out of all loops, but no loads and no divisions", () => {
    const b = new NestBuilder("hoists");
    const [n, m] = [b.scalar("n", "i32"), b.scalar("m", "i32")];
    const y = b.buffer("y", "i32", { access: "read-write" });
    b.for("i", 0, n, (i) => {
      b.for("j", 0, n, (j) => {
        b.store(y, b.add(b.multiply(i, m), j), b.add(b.multiply(n, m), b.divide(b.load(y, b.add(n, m)), m)));
      });
    });
    expect(bodyOf(hoist(b.finish()))).toBe(
      [
        "  fixed: i32 = (n * m)",
        "  fixed.1: i32 = (n + m)",
        "  for i in 0 .. n {",
        "    fixed.2: i32 = (i * m)",
        "    for j in 0 .. n {",
        "      y[(fixed.2 + j)] = (fixed + (y[fixed.1] / m))",
        "    }",
        "  }",
      ].join("\n"),
    );
  });
});

describe("unrollFixedTrip", () => {
  it("writes out loops of few iterations", () => {
    const b = new NestBuilder("unrolls");
    const y = b.buffer("y", "i32", { access: "write" });
    b.for("i", 1, 6, (i) => b.store(y, i, b.multiply(i, i)), { step: 2 });
    b.for("i", 0, 1000, (i) => b.store(y, i, 0));
    expect(bodyOf(unrollFixedTrip(b.finish()))).toBe(
      "  y[1] = 1\n  y[3] = 9\n  y[5] = 25\n  for i.1 in 0 .. 1000 {\n    y[i.1] = 0\n  }",
    );
  });
});

/** `y[o + i] = f(x[i], z[i], s)` for a random f. */
function elementwiseNest(seed: number, lane: LaneType): Nest {
  const random = randomNumbers(seed);
  const b = new NestBuilder("elementwise");
  const [first, end] = [b.scalar("first", "i32"), b.scalar("end", "i32")];
  const s = b.scalar("s", lane);
  const x = b.buffer("x", lane);
  const y = b.buffer("y", lane, { access: "read-write" });
  const integer = lane === "i32" || lane === "i64";
  b.for("i", first, end, (i) => {
    const value = (depth: number): Value => {
      const kind = Math.floor(random() * (depth === 0 ? 4 : 9));
      if (kind === 0) return b.load(x, b.add(i, 1));
      if (kind === 1) return b.load(y, b.add(3, i));
      if (kind === 2) return s;
      if (kind === 3) return lane === "i32" ? i : b.constant(lane, 3);
      if (kind === 4) return b.select(b.less(value(depth - 1), value(depth - 1)), value(depth - 1), value(depth - 1));
      if (kind === 5) return b.unary("negate", value(depth - 1));
      const operators = ["add", "subtract", "multiply", "minimum", "maximum", integer ? "and" : "divide"] as const;
      return b.binary(operators[Math.floor(random() * 6)]!, value(depth - 1), value(depth - 1));
    };
    const half = b.local("half", value(3));
    b.store(y, b.add(3, i), b.add(half, value(2)));
  });
  return b.finish();
}

describe("vectorize", () => {
  const heap = new Heap();

  it.each(["f64", "f32", "i64", "i32"] as const)("computes the same entries of %s, several at once", (lane) => {
    let vectors = 0;
    for (let seed = 0; seed < 40; seed++) {
      const nest = elementwiseNest(seed, lane);
      const wide = vectorize(nest, { vectorBytes: seed % 2 === 0 ? 16 : 32 });
      expect(verifyNest(wide)).toEqual([]);
      if (wide !== nest && printNest(wide).includes(" step ")) vectors++;
      const random = randomNumbers(seed);
      const number = () => (lane === "i64" ? BigInt(Math.floor(random() * 100)) : Math.floor(random() * 100) - 50);
      const given = (size: number) => ({
        first: seed % 3,
        end: (seed % 3) + size,
        s: number(),
        x: heap.copy(lane, Array.from({ length: 40 }, number) as number[]),
        y: heap.copy(lane, Array.from({ length: 40 }, number) as number[]),
      });
      for (const size of [0, 1, 3, 4, 17, 30]) {
        const scalar = given(size);
        const vector = { ...scalar, y: heap.copy(lane, scalar.y as never) };
        compileInterpreter(nest).bind(scalar).run();
        compileWasm(wide, heap).bind(vector).run();
        expect(vector.y, `seed ${seed}, ${size} entries`).toEqual(scalar.y);
      }
    }
    expect(vectors).toBe(40);
  });

  const sumNest = () => {
    const b = new NestBuilder("sum");
    const [n, x] = [b.scalar("n", "i32"), b.buffer("x", "f64")];
    const y = b.buffer("y", "f64", { access: "write" });
    const sum = b.local("sum", b.f64(0));
    b.for("i", 0, n, (i) => b.set(sum, b.add(sum, b.load(x, i))));
    b.store(y, 0, sum);
    return b.finish();
  };

  it("splits sums of floats only where that is allowed", () => {
    expect(vectorize(sumNest())).toEqual(sumNest());
    const wide = vectorize(sumNest(), { reassociate: true, vectorBytes: 32 });
    const y = new Float64Array(1);
    const x = Float64Array.from({ length: 103 }, (_, place) => place);
    compileInterpreter(wide).bind({ n: 103, x, y }).run();
    expect([y[0], printNest(wide).includes("step 4")]).toEqual([(103 * 102) / 2, true]);
  });

  it.each<[string, (b: NestBuilder, i: Value, y: ReturnType<NestBuilder["buffer"]>) => void]>([
    ["reads what the iteration before it wrote", (b, i, y) => b.store(y, b.add(i, 1), b.load(y, i))],
    ["goes through entries by twos", (b, i, y) => b.store(y, b.multiply(i, 2), b.f64(1))],
    ["looks an index up", (b, i, y) => b.store(y, b.convert("i32", b.load(y, i)), b.f64(1))],
    ["branches", (b, i, y) => b.if(b.less(i, 3), () => b.store(y, i, b.f64(1)))],
  ])("leaves a loop alone that %s", (_, write) => {
    const b = new NestBuilder("alone");
    const y = b.buffer("y", "f64", { access: "read-write" });
    b.for("i", 0, 100, (i) => write(b, i, y));
    const nest = b.finish();
    expect(vectorize(nest)).toEqual(nest);
  });

  it("leaves a loop alone whose last value is needed after it", () => {
    const b = new NestBuilder("last");
    const [x, y] = [b.buffer("x", "f64"), b.buffer("y", "f64", { access: "write" })];
    const last = b.local("last", b.f64(0));
    b.for("i", 0, 100, (i) => b.set(last, b.load(x, i)));
    b.store(y, 0, last);
    const nest = b.finish();
    expect(vectorize(nest)).toEqual(nest);
  });
});
