import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost, WorkerPool } from "@millrace/loop-ir";
import { csr, pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import { afterAll, expect, it } from "vitest";
import { cEngine, type Engine, interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "kernels-"));
const host = nodeHost(process, { cacheFolder: folder });
const pools = [2, 4].map((workers) => new WorkerPool(host, { workers }));
afterAll(() => {
  for (const pool of pools) pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const tensor = (shape: number[], share: number, format: string, seed: number): Tensor => {
  const entries = Math.round(share * shape.reduce((size, extent) => size * extent, 1));
  return pack(uniformTensor({ shape, entries, seed }), parseFormat(format, shape.length));
};

/** Sums whose last bits depend on the order in which they are made. */
const kernels = [
  { text: "y(i) = A(i,j) * x(j)", operands: { A: tensor([60, 50], 0.2, "CSR", 1), x: tensor([50], 1, "d", 2) } },
  { text: "s = A(i,j) * B(i,j)", operands: { A: tensor([60, 50], 0.3, "CSR", 3), B: tensor([60, 50], 0.3, "CSR", 4) } },
  {
    text: "Y(i,l) = A(i,j,k) * B(j,l) * C(k,l)",
    operands: {
      A: tensor([20, 15, 12], 0.1, "CSF", 5),
      B: tensor([15, 6], 1, "dd", 6),
      C: tensor([12, 6], 1, "dd", 7),
    },
  },
  {
    text: "C(i,k) = A(i,j) * B(j,k)",
    operands: { A: tensor([40, 40], 0.15, "CSR", 8), B: tensor([40, 40], 0.15, "CSR", 9) },
    resultFormat: csr,
  },
  {
    text: "Y(i,j) = A(i,j,k) * x(k)",
    operands: { A: tensor([6, 5, 60], 0.7, "CSF", 10), x: tensor([60], 1, "d", 11) },
    resultFormat: parseFormat("ss", 2),
  },
];

const bytesOf = ({ values, levels }: Tensor): string =>
  JSON.stringify([
    [...new BigUint64Array(Float64Array.from(values).buffer)].map(String),
    levels.map((level) => ("coordinates" in level ? [...level.coordinates] : level.kind)),
  ]);

async function bytes(at: number, engine: Engine, options: { units: number; grain?: number }): Promise<string> {
  const { text, ...rest } = kernels[at]!;
  return bytesOf((await compileKernel(text, { ...rest, engine }).run(options)).result);
}

it("the same units give the same bytes on every engine, with any number of threads", async () => {
  const engines = [
    wasmEngine({ checked: true }),
    ...pools.map((pool) => wasmEngine({ pool })),
    cEngine(host),
    ...pools.map((pool) => cEngine(host, { pool })),
  ];
  for (let at = 0; at < kernels.length; at++) {
    const expected = await bytes(at, interpreterEngine, { units: 7 });
    for (const engine of engines)
      expect(await bytes(at, engine, { units: 7 }), `kernel ${at}, ${engine.target}`).toBe(expected);
  }
});

it("grains give the same bytes for any number of units", async () => {
  for (let at = 0; at < kernels.length; at++) {
    const expected = await bytes(at, interpreterEngine, { units: 1, grain: 50 });
    for (const units of [2, 7, 64, 4096])
      for (const engine of [interpreterEngine, wasmEngine(), cEngine(host, { pool: pools[0]! })])
        expect(await bytes(at, engine, { units, grain: 50 }), `kernel ${at}`).toBe(expected);
  }
});

it("results whose memory is reused are the same, run after run", async () => {
  for (const engine of [interpreterEngine, wasmEngine(), cEngine(host)])
    for (let at = 0; at < kernels.length; at++) {
      const { text, ...rest } = kernels[at]!;
      const kernel = compileKernel(text, { ...rest, engine, reuseResults: true });
      const expected = await bytes(at, interpreterEngine, { units: 1 });
      const divided = await bytes(at, interpreterEngine, { units: 5 });
      for (let again = 0; again < 3; again++) {
        expect(bytesOf((await kernel.run()).result), `kernel ${at}, ${engine.target}`).toBe(expected);
        expect(bytesOf((await kernel.run({ units: 5 })).result), `kernel ${at}, ${engine.target}`).toBe(divided);
      }
      kernel.release();
      expect(bytesOf((await kernel.run()).result)).toBe(expected);
      kernel.release();
    }
});

it("zeros keep their sign where nothing else is added to them, on every engine and in any units", async () => {
  const vector = (entries: readonly (readonly [number, number])[]): Tensor => {
    const level = {
      kind: "compressed",
      size: 12,
      positions: Int32Array.of(0, entries.length),
      coordinates: Int32Array.from(entries, ([at]) => at),
    } as const;
    const values = Float64Array.from(entries, ([, value]) => value);
    return { shape: [12], format: parseFormat("s", 1), levels: [level], valueType: "float64", values };
  };
  const operands = {
    a: vector([
      [0, -0],
      [2, -0],
      [5, 1],
      [9, -0],
    ]),
    b: vector([
      [2, 0],
      [5, -1],
      [7, -0],
    ]),
    c: vector([
      [1, 0],
      [7, -0],
      [9, 3],
      [11, -0],
    ]),
  };
  const expected = {
    "y(i) = a(i) + b(i) + c(i)": [-0, 0, 0, 0, -0, 3, -0],
    "y(i) = a(i) - b(i) + c(i)": [-0, 0, -0, 2, 0, 3, -0],
    "y(i) = a(i) - (b(i) + c(i))": [-0, -0, -0, 2, 0, -3, 0],
    "y(i) = c(i) - a(i) + -b(i)": [0, 0, 0, 0, 0, 3, -0],
  };
  for (const [text, values] of Object.entries(expected))
    for (const engine of [interpreterEngine, wasmEngine({ checked: true }), cEngine(host)])
      for (const units of [1, 5, 64]) {
        const { result } = await compileKernel(text, { operands, engine }).run({ units });
        expect([...result.values], `${text}, ${engine.target}, ${units} units`).toEqual(values);
      }
});

it("plans are kept where results are reused, each for its own units, and only there", async () => {
  for (const engine of [interpreterEngine, wasmEngine()]) {
    const { text, ...rest } = kernels[3]!;
    const plans = async (reuseResults: boolean) => {
      const kernel = compileKernel(text, { ...rest, engine, reuseResults });
      const made = [];
      for (const units of [4, 5, 4]) {
        const { stages } = await kernel.run({ units });
        made.push(stages[0]!.plan);
      }
      kernel.release();
      return made;
    };
    const [first, other, again] = await plans(true);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const [anew, , once] = await plans(false);
    expect(once).not.toBe(anew);
  }
});
