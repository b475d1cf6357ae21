import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, it } from "vitest";
import {
  blockRows,
  compileC,
  compileInterpreter,
  compileWasm,
  findCompiler,
  forward,
  Heap,
  jamSums,
  type Nest,
  NestBuilder,
  nodeHost,
  printNest,
  simplify,
  verifyNest,
} from "../../src/index.ts";
import { randomCsr, randomNumbers } from "../support/matrices.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-row-sums-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const host = nodeHost(process, { cacheFolder: folder });

interface Options {
  /** Fill each row first; otherwise what is there is added to. */
  readonly filled: boolean;
  /** Add two products, of entries that a second loop inside the first one takes. */
  readonly nested?: boolean;
}

/** `Y = A X` by rows, over `width` columns. */
function panelNest({ filled, nested = false }: Options): Nest {
  const b = new NestBuilder("panel");
  const [rows, width] = [b.scalar("rows", "i32"), b.scalar("width", "i32")];
  const [pos, crd, vals, x] = [
    b.buffer("pos", "i32"),
    b.buffer("crd", "i32"),
    b.buffer("vals", "f64"),
    b.buffer("x", "f64"),
  ];
  const y = b.buffer("y", "f64", { access: "read-write" });
  b.for("i", 0, rows, (i) => {
    const row = b.local("row", b.multiply(i, width));
    if (filled) b.for("z", 0, width, (z) => b.store(y, b.add(row, z), 0));
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      const c = b.local("c", b.load(crd, p));
      const sum = (factor: number) =>
        b.for("k", 0, width, (k) => {
          const place = b.local("place", b.add(row, k));
          const entry = b.load(x, b.add(b.multiply(c, width), k));
          b.store(y, place, b.add(b.load(y, place), b.multiply(b.multiply(b.load(vals, p), entry), factor)));
        });
      if (nested) b.for("twice", 0, b.binary("remainder", p, b.i32(3)), () => sum(0.5));
      else sum(1);
    });
  });
  return b.finish();
}

/** `z[p] = sum over k of a[i, k] * b[j, k]` for each entry (i, j), left out where the sum is below a limit. */
function sampledNest(): Nest {
  const b = new NestBuilder("sampled");
  const [rows, width] = [b.scalar("rows", "i32"), b.scalar("width", "i32")];
  const [pos, crd] = [b.buffer("pos", "i32"), b.buffer("crd", "i32")];
  const [left, right] = [b.buffer("left", "f64"), b.buffer("right", "f64")];
  const z = b.buffer("z", "f64", { access: "write" });
  const kept = b.local("kept", b.i32(0));
  b.for("i", 0, rows, (i) => {
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      const c = b.local("c", b.load(crd, p));
      const sum = b.local("sum", b.f64(0));
      b.for("k", 0, width, (k) => {
        const at = b.load(left, b.add(b.multiply(i, width), k));
        b.set(sum, b.add(sum, b.multiply(at, b.load(right, b.add(b.multiply(c, width), k)))));
      });
      b.if(b.less(b.f64(1), sum), () => {
        b.store(z, kept, sum);
        b.set(kept, b.add(kept, 1));
      });
    });
  });
  return b.finish();
}

type Given = Record<string, number | Int32Array | Float64Array>;

function given(width: number): Given {
  const { rows, columns, pos, crd, vals } = randomCsr(30, 20, { perRow: 5, seed: 3 });
  const numbers = (count: number, seed: number) => {
    const next = randomNumbers(seed);
    return Float64Array.from({ length: count }, () => next() - 0.5);
  };
  const panel = { x: numbers(columns * width, 1), y: numbers(rows * width, 2) };
  const sampled = {
    left: numbers(rows * width, 4),
    right: numbers(columns * width, 5),
    z: new Float64Array(crd.length),
  };
  return { rows, width, pos, crd, vals, ...panel, ...sampled };
}

function bytesOf(run: (values: Given) => void, width: number): string {
  const values = given(width);
  run(values);
  return Buffer.from(new Float64Array([...(values.y as Float64Array), ...(values.z as Float64Array)]).buffer).toString(
    "hex",
  );
}

function only(nest: Nest, values: Given): Given {
  const names = [...nest.buffers, ...nest.scalars].map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, values[name]!]));
}

const nests: readonly (readonly [string, Nest])[] = [
  ["rows that are filled", panelNest({ filled: true })],
  ["rows that are added to", panelNest({ filled: false })],
  ["rows that are filled, summed in two loops", panelNest({ filled: true, nested: true })],
  ["rows that are added to in two loops", panelNest({ filled: false, nested: true })],
  ["sums of sampled products", sampledNest()],
];

describe.each(nests)("%s", (_, nest) => {
  it.each([0, 1, 3, 8, 20, 33, 64, 100])("are the same bytes with %i columns", (width) => {
    const expected = bytesOf((values) => compileInterpreter(nest).bind(only(nest, values)).run(), width);
    const variants = [
      ["blocked", blockRows(forward(nest))],
      ["blocked little", blockRows(forward(nest), { vectorBytes: 16, accumulators: 1 })],
      ["jammed", jamSums(nest)],
      ["simplified", simplify(nest)],
    ] as const;
    for (const [label, variant] of variants) {
      expect(verifyNest(variant), label).toEqual([]);
      const interpreted = bytesOf((values) => compileInterpreter(variant).bind(only(nest, values)).run(), width);
      expect(interpreted, label).toBe(expected);
    }
    const heap = new Heap({ maximumBytes: 2 ** 24 });
    expect(
      bytesOf((values) => compileWasm(nest, heap).bind(only(nest, values)).run(), width),
      "wasm",
    ).toBe(expected);
  });

  it.runIf(findCompiler(host) !== undefined)("are the same bytes in C", () => {
    const [kernel] = compileC([simplify(nest)], host);
    for (const width of [3, 33, 64]) {
      const expected = bytesOf((values) => compileInterpreter(nest).bind(only(nest, values)).run(), width);
      expect(
        bytesOf((values) => kernel!.bind(only(nest, values)).run(), width),
        `${width} columns`,
      ).toBe(expected);
    }
  });
});

describe("a row", () => {
  it("is kept in registers through the loop that adds to it, and stored once", () => {
    const text = printNest(blockRows(forward(panelNest({ filled: true })), { accumulators: 2 }));
    expect(text).toContain("for block in 0 .. whole step 16 {");
    const main = text.slice(text.indexOf("step 16"), text.indexOf("step 8"));
    expect(main.match(/y\[/g)).toHaveLength(2);
    expect(main).not.toContain("= y[");
  });

  it("is left alone where the loop would touch it only sometimes, or looks at it elsewhere", () => {
    const text = printNest(blockRows(forward(panelNest({ filled: false, nested: true }))));
    // The inner of the two loops is always where the sum is; the outer one need not reach it.
    const places = ["for p in", "if (0 <", "for block", "for twice"].map((words) => text.indexOf(words));
    expect([...places].sort((one, other) => one - other)).toEqual(places);
    expect(Math.min(...places)).toBeGreaterThan(0);
    const b = new NestBuilder("looks");
    const [n, x] = [b.scalar("n", "i32"), b.buffer("x", "f64")];
    const y = b.buffer("y", "f64", { access: "read-write" });
    b.for("p", 0, n, (p) => {
      const first = b.local("first", b.load(y, 0));
      b.for("k", 0, n, (k) => b.store(y, k, b.add(b.load(y, k), b.multiply(first, b.load(x, p)))));
    });
    const nest = b.finish();
    expect(blockRows(nest)).toEqual(nest);
  });
});

describe("sums", () => {
  it("go side by side, four, two and one at a time, and are stored in the order of their iterations", () => {
    const text = printNest(jamSums(sampledNest()));
    expect(text.match(/for p in .* step 4/g)).toHaveLength(1);
    expect(text.match(/for p in .* step 2/g)).toHaveLength(1);
    expect(text.match(/z\[kept\] = sum/g)).toHaveLength(7);
  });

  it("are left alone where one needs what the one before left behind", () => {
    const b = new NestBuilder("chained");
    const [n, x] = [b.scalar("n", "i32"), b.buffer("x", "f64")];
    const y = b.buffer("y", "f64", { access: "read-write" });
    b.for("p", 0, n, (p) => {
      const sum = b.local("sum", b.load(y, p));
      b.for("k", 0, n, (k) => b.set(sum, b.add(sum, b.load(x, k))));
      b.store(y, b.add(p, 1), sum);
    });
    const nest = b.finish();
    expect(jamSums(nest)).toEqual(nest);
  });

  it("are left alone where the end of the loop moves with them", () => {
    const b = new NestBuilder("moving");
    const [n, x] = [b.scalar("n", "i32"), b.buffer("x", "f64")];
    const y = b.buffer("y", "f64", { access: "write" });
    const end = b.local("end", n);
    b.for("p", 0, end, (p) => {
      const sum = b.local("sum", b.f64(0));
      b.for("k", 0, n, (k) => b.set(sum, b.add(sum, b.load(x, k))));
      b.store(y, p, sum);
      b.set(end, b.subtract(end, 1));
    });
    const nest = b.finish();
    expect(jamSums(nest)).toEqual(nest);
  });
});
