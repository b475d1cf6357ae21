import { describe, expect, it } from "vitest";
import {
  type AttentionOptions,
  analyze,
  attention,
  attentionTrace,
  bufferize,
  flatMap,
  gemm,
  type Inputs,
  interpret,
  linearLoad,
  map,
  map2,
  measuredValue,
  moe,
  multihot,
  output,
  Program,
  partition,
  ragged,
  reassemble,
  reshape,
  routingTrace,
  SelectorValue,
  scan,
  shapeOf,
  simulateProgram,
  source,
  streamify,
  swiglu,
  type Token,
  tile,
  type Value,
  zip,
} from "../../src/index.ts";
import { numbers, routing } from "../support/moe-reference.ts";
import { scalars } from "../support/streams.ts";

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly sources?: Inputs["sources"];
}

const routed = routingTrace(routing(12, 2, 5, 7), 6);
const experts = { batch: 12, experts: 6, chosen: 2, hidden: 8, inner: 6, tileInner: 3, bandwidth: 64 };

function attentionCase(strategy: AttentionOptions["strategy"]): Case {
  const options = {
    batch: 9,
    queries: 2,
    headSize: 4,
    cacheTiles: 3,
    tileRows: 4,
    regions: 3,
    block: 2,
    strategy,
    bandwidth: 16,
  };
  const { sources } = attentionTrace([0, 3, 4, 11, 7, 1, 8, 5, 10], options);
  return { name: `attention, ${strategy}`, program: attention(options), sources };
}

/** Every operator that the workloads leave out. */
function oddments(): Case {
  const program = new Program("oddments");
  program.symbol("B");
  program.tensor("w", { scalar: "f32", rows: 8, columns: 8 });
  const counts = source(program, {
    id: "counts",
    shape: shapeOf(program.symbol("B")),
    element: tile("u64", 1, 1),
  });
  const spread = flatMap(counts, { id: "spread", fn: "range", rank: 1 });
  output(scan(spread, { id: "running", fn: "add", rank: 1 }), { id: "sums" });
  const { chunks, padding } = reshape(spread, { id: "chunks", chunk: 4, pad: 9 });
  output(chunks, { id: "chunked" });
  output(padding, { id: "padded" });
  const x = source(program, { id: "x", shape: [...shapeOf(2), ragged("L")], element: tile("f32", 1, 1) });
  const squares = map(x, { id: "squares", fn: "square", bandwidth: 1 });
  output(map(zip(x, squares), { id: "both", fn: "add" }), { id: "added" });
  const held = bufferize(x, { id: "held", rank: 1 });
  output(streamify(held, { id: "again", repeat: [2] }), { id: "twice" });
  const loaded = linearLoad(program, { id: "w", tensor: "w", tile: [4, 4], shape: [2, 2], stride: [2, 1] });
  const choice = source(program, { id: "choice", shape: shapeOf(1, 2), element: multihot(2) });
  const ways = partition(loaded, choice, { id: "ways", rank: 1 });
  output(reassemble(ways, choice, { id: "joined" }), { id: "tiles" });
  output(map2(loaded, loaded, { id: "product", fn: "matmul" }), { id: "products" });
  const choices: Token<Value>[] = [new SelectorValue([1]), new SelectorValue([0, 1])];
  const sources = {
    counts: scalars("3.0.5.1.D", 0),
    x: scalars("1.2.3.S1.4.S1.D", 1),
    choice: [...choices, scalars("1.S1.D", 1)[1]!],
  };
  return { name: "operators that no workload has", program, sources };
}

const cases: readonly Case[] = [
  { name: "gemm", program: gemm({ m: 4, k: 6, n: 8, tileM: 2, tileK: 3, tileN: 4, bandwidth: 8 }) },
  { name: "swiglu", program: swiglu({ batch: 4, hidden: 4, inner: 8, tileBatch: 2, tileInner: 4, bandwidth: 8 }) },
  { name: "moe, static", program: moe({ ...experts, tiling: { kind: "static", rows: 4 } }), sources: routed.sources },
  { name: "moe, dynamic", program: moe({ ...experts, tiling: { kind: "dynamic" } }), sources: routed.sources },
  {
    name: "moe, three regions",
    program: moe({ ...experts, tiling: { kind: "static", rows: 2 }, regions: 3 }),
    sources: routed.sources,
  },
  attentionCase("coarse"),
  attentionCase("interleaved"),
  attentionCase("dynamic"),
  oddments(),
];

describe.each(cases)("$name", ({ program, sources = {} }) => {
  const tensors = Object.fromEntries(
    [...program.tensors].map(([name, { rows, columns }], place) => [name, numbers(rows, columns, 20 + place)]),
  );
  const timing = simulateProgram(program, { sources }, { depth: 2 });
  const functional = simulateProgram(program, { sources, tensors }, { depth: 2, mode: "functional" });
  const values = interpret(program, { sources, tensors, orders: functional.orders });

  it("takes the same cycles with and without values", () => {
    expect(timing.report.deadlock).toBeNull();
    expect(JSON.stringify(functional.report)).toBe(JSON.stringify(timing.report));
    expect(functional.flops).toBe(timing.flops);
    expect([...functional.measured]).toEqual([...timing.measured]);
  });

  it("gives the values of the interpreter, to the last bit", () => {
    expect(functional.tensors).toEqual(values.tensors);
    expect(functional.outputs).toEqual(values.outputs);
  });

  it("counts what the interpreter measures", () => {
    for (const [symbol, size] of timing.measured) {
      const measured = values.measured.get(symbol);
      if (typeof measured === "number") expect({ symbol, size }).toEqual({ symbol, size: measured });
    }
  });
});

it("does as many operations as the formula says, where tiles have one size", () => {
  for (const { name, program, sources = {} } of cases) {
    const { flops, measured } = simulateProgram(program, { sources }, { depth: 2 });
    const expected = measuredValue(analyze(program).flops, measured);
    expect({ name, flops: expected }).toEqual({ name, flops });
  }
});
