import { describe, expect, it } from "vitest";
import {
  analyze,
  applyPass,
  attention,
  attentionTrace,
  evaluate,
  fillSources,
  interpret,
  linearStore,
  map,
  moe,
  type NestedNumbers,
  output,
  Program,
  parallelize,
  parseProgram,
  passes,
  printProgram,
  routingTrace,
  shapeOf,
  simulateProgram,
  source,
  tile,
} from "../../src/index.ts";
import { numbers, routing } from "../support/moe-reference.ts";

const sizes = { batch: 12, experts: 6, chosen: 2, hidden: 4, inner: 6, tileInner: 3, bandwidth: 64 };
const trace = routingTrace(routing(12, 2, 5, 7), 6);
const fixed = moe({ ...sizes, tiling: { kind: "static", rows: 4 } });

function contents(program: Program): Record<string, Float64Array> {
  return Object.fromEntries(
    [...program.tensors].map(([name, { rows, columns }], place) => [name, numbers(rows, columns, 60 + place)]),
  );
}

function expectClose(actual: Float64Array, expected: Float64Array): void {
  for (const [at, value] of actual.entries()) expect(value).toBeCloseTo(expected[at]!, 10);
}

/** A program of a user's own: rows in four groups, packed, multiplied, unpacked. */
function packed(tail: string): Program {
  return parseProgram({
    name: "user.step",
    text: `program user
symbol L
tensor w f32[4, 4]
%rows = source {shape = [4, ~L], element = f32[1, 4]}
%chunks = reshape %rows {chunk = 2}
%packs = accum %chunks:0 {fn = retile-rows, rank = 1}
%weights = linear-load %packs {tensor = w, tile = [4, 4], shape = [1], stride = [1]}
%once = repeat %packs {count = 1}
%products = accum %once, %weights {fn = matmul, rank = 1}
${tail}`,
  });
}

describe("dynamic-tiling", () => {
  it("makes of a mixture of experts with fixed tiles the one with dynamic tiles", () => {
    const { program, changed } = applyPass(fixed, "dynamic-tiling");
    expect(changed.length).toBe(6);
    expect(changed[0]).toMatchObject({ nodes: ["chunks0", "packed0"] });
    expect(changed[0]!.text).toContain("tiles of 4 rows become one of all rows");
    const library = moe({ ...sizes, tiling: { kind: "dynamic" } });
    const run = (one: Program) => simulateProgram(one, { sources: trace.sources }, { depth: 2 });
    expect(run(program).report.cycles).toBe(run(library).report.cycles);
    for (const way of ["allocated", "on-demand"] as const) {
      const bytes = (one: Program) => evaluate(analyze(one, { count: way }).onChipBytes, trace.bindings);
      expect(bytes(program)).toBe(bytes(library));
    }
    const tensors = contents(fixed);
    const values = (one: Program) => interpret(one, { sources: trace.sources, tensors }).tensors.out!;
    expectClose(values(program), values(fixed));
  });

  it("changes a program of one's own, and prints as one that reads back", () => {
    const before = packed("%split = flat-map %products {fn = split-valid-rows}\n%result = output %split");
    const { program } = applyPass(before, "dynamic-tiling");
    const rows: NestedNumbers = [5, 2, 1, 3].map((count) => Array.from({ length: count }, (_, at) => [[at, 1, 2, 3]]));
    const sources = fillSources(before, { "*": rows });
    const tensors = { w: numbers(4, 4, 1) };
    const values = (one: Program) => String(interpret(one, { sources, tensors }).outputs.result);
    expect(values(program)).toBe(values(before));
    expect(simulateProgram(program, { sources }).report.cycles).toBeLessThan(
      simulateProgram(before, { sources }).report.cycles,
    );
    const text = printProgram(program);
    expect(printProgram(parseProgram({ name: "p", text }))).toBe(text);
  });

  it.each([
    ["%sums = accum %products {fn = add, rank = 1}\n%result = output %sums", '"sums" folds over several tiles'],
    ["%result = output %products", '"result" (output) sees whole tiles'],
    [
      "%split = flat-map %products {fn = split-rows}\n%result = output %split",
      '"split" splits tiles with split-rows, which counts padding',
    ],
    [
      "%pads = output %chunks:1\n%split = flat-map %products {fn = split-valid-rows}",
      '"pads" reads which rows are padding',
    ],
  ])("leaves a program alone where tiles are seen as such: %s", (tail, reason) => {
    expect(() => applyPass(packed(tail), "dynamic-tiling")).toThrow(`dynamic-tiling: chunks, packs: ${reason}`);
  });

  it("says that there is nothing to change", () => {
    expect(() => applyPass(attentionOf("coarse").program, "dynamic-tiling")).toThrow(
      "dynamic-tiling: no reshape is followed by an accum with retile-rows over its chunks",
    );
  });
});

describe("time-multiplex", () => {
  it("makes of own pipelines the shared ones of the library", () => {
    const { program, changed, tensors: stacked } = applyPass(fixed, "time-multiplex", { regions: 3 });
    expect(changed.map(({ nodes }) => nodes)).toEqual([
      ["result0", "result1"],
      ["result2", "result3"],
      ["result4", "result5"],
    ]);
    const library = moe({ ...sizes, tiling: { kind: "static", rows: 4 }, regions: 3 });
    const bytes = (one: Program) => evaluate(analyze(one, { profile: "artifact" }).onChipBytes, trace.bindings);
    expect(bytes(program)).toBe(bytes(library));
    expect(analyze(program).computeBandwidth).toBe(analyze(library).computeBandwidth);
    const run = (one: Program) => simulateProgram(one, { sources: trace.sources }, { depth: 2 });
    expect(run(program).report.deadlock).toBeNull();
    expect(run(program).report.cycles / run(library).report.cycles).toBeCloseTo(1, 1);
    const before = contents(fixed);
    const after: Record<string, Float64Array> = { ...before };
    for (const [name, parts] of Object.entries(stacked)) {
      after[name] = Float64Array.from(parts.flatMap((part) => [...before[part]!]));
      for (const part of parts) delete after[part];
    }
    const { orders } = run(program);
    expectClose(
      interpret(program, { sources: trace.sources, tensors: after, orders }).tensors.out!,
      interpret(fixed, { sources: trace.sources, tensors: before }).tensors.out!,
    );
  });

  it("works after dynamic tiling as well", () => {
    const { program } = applyPass(applyPass(fixed, "dynamic-tiling").program, "time-multiplex", { regions: 2 });
    expect(simulateProgram(program, { sources: trace.sources }, { depth: 2 }).report.deadlock).toBeNull();
  });

  it("says what it cannot do", () => {
    expect(() => applyPass(fixed, "time-multiplex", { regions: 4 })).toThrow(
      "time-multiplex: 4 does not divide 6 pipelines into groups of at least two",
    );
    expect(() => applyPass(packed("%result = output %products"), "time-multiplex", { regions: 1 })).toThrow(
      "there are no two pipelines that differ only in the tensors they load",
    );
  });
});

const requests = { batch: 9, queries: 2, headSize: 4, cacheTiles: 3, tileRows: 4, regions: 3, block: 2, bandwidth: 16 };
const lengths = [0, 3, 4, 11, 7, 1, 8, 5, 10];

function attentionOf(strategy: "coarse" | "interleaved" | "dynamic") {
  const options = { ...requests, strategy };
  return { program: attention(options), sources: attentionTrace(lengths, options).sources };
}

describe("dynamic-parallelize", () => {
  it("makes of interleaved attention the dynamic one", () => {
    const before = attentionOf("interleaved");
    const { program, sources: added, changed } = applyPass(before.program, "dynamic-parallelize");
    expect(changed[0]!.text).toContain('9 requests go to whichever of 3 regions has read all of "key_cache0" first');
    const sources = { ...before.sources, ...fillControls(added) };
    const tensors = contents(before.program);
    const run = simulateProgram(program, { sources, tensors }, { mode: "functional" });
    expect(run.report.deadlock).toBeNull();
    const dynamic = attentionOf("dynamic");
    const cycles = simulateProgram(dynamic.program, { sources: dynamic.sources }).report.cycles;
    expect(Math.abs(run.report.cycles / cycles - 1)).toBeLessThan(0.02);
    const old = simulateProgram(before.program, { sources: before.sources, tensors }, { mode: "functional" });
    expect(run.tensors!.out).toEqual(old.tensors!.out);
  });

  it("refuses where the order of requests would show", () => {
    const dealt = (tail: (ways: readonly ReturnType<typeof source>[], program: Program) => void): Program => {
      const program = new Program("dealt");
      program.tensor("out", { scalar: "f32", rows: 8, columns: 1 });
      const x = source(program, { id: "x", shape: shapeOf(8), element: tile("f32", 1, 1) });
      tail(parallelize(x, { id: "ways", rank: 0, ways: 2 }), program);
      return program;
    };
    const refusals: [Program, string][] = [
      [dealt((ways) => output(ways[0]!, { id: "o" })), '"o" hands out the requests of one region'],
      [
        dealt((ways) => linearStore(ways[0]!, { id: "s", tensor: "out" })),
        '"s" stores results in the order of their region; store by address instead',
      ],
      [dealt((ways) => map(ways[1]!, { id: "m", fn: "exp" })), "no load tells when it is ready"],
      [new Program("empty"), "there is no parallelize that deals requests out"],
    ];
    for (const [program, reason] of refusals) expect(() => applyPass(program, "dynamic-parallelize")).toThrow(reason);
    expect(() => applyPass(attentionOf("interleaved").program, "dynamic-parallelize", { ready: "nothing" })).toThrow(
      "region 0: it has no load named 'nothing0'",
    );
  });

  /** The streams of the new sources, from their texts. */
  function fillControls(texts: Readonly<Record<string, string>>) {
    const { program } = applyPass(attentionOf("interleaved").program, "dynamic-parallelize");
    const controls = new Program("controls");
    for (const id of Object.keys(texts)) source(controls, { id, ...program.node(id)!.outputs[0]!.type });
    return fillSources(controls, texts);
  }
});

describe("passes", () => {
  it("are known by name, and their settings are checked", () => {
    expect(passes.map(({ name }) => name)).toEqual(["dynamic-tiling", "time-multiplex", "dynamic-parallelize"]);
    expect(() => applyPass(fixed, "dynamic-tilings")).toThrow("did you mean 'dynamic-tiling'?");
    expect(() => applyPass(fixed, "time-multiplex")).toThrow(
      "time-multiplex needs the setting 'regions', pipelines that are left",
    );
    expect(() => applyPass(fixed, "time-multiplex", { regions: 0 })).toThrow("must be an integer of at least 1, not 0");
    expect(() => applyPass(fixed, "dynamic-tiling", { rows: 4 })).toThrow("dynamic-tiling has no setting 'rows'");
  });
});
