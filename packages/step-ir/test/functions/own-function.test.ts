import { describe, expect, it } from "vitest";
import {
  type AccumFunction,
  accum,
  choose,
  constant,
  type FlatMapFunction,
  flatMap,
  interpret,
  type MapFunction,
  map,
  output,
  Program,
  parseProgram,
  partition,
  printProgram,
  programToJson,
  reassemble,
  SelectorValue,
  scan,
  shapeOf,
  simulateProgram,
  source,
  TileValue,
  type Token,
  tile,
  type Value,
} from "../../src/index.ts";
import { scalars, shown } from "../support/streams.ts";

const cube: MapFunction = {
  name: "cube",
  arity: 1,
  infer: ([type]) => type!,
  flops: ([size]) => 2 * size!.rows * size!.columns,
  symbolicFlops: () => constant(2),
  apply: ([one]) =>
    new TileValue(
      one!.rows,
      one!.columns,
      one!.numbers.map((x) => x ** 3),
    ),
};

/** Counts the elements of a group, from 10 on. */
const count: AccumFunction = {
  name: "count",
  arity: 1,
  infer: ([type]) => type!,
  flops: () => 1,
  symbolicFlops: () => constant(1),
  initial: () => new TileValue(1, 1, Float64Array.of(10)),
  update: (sum) => new TileValue(1, 1, Float64Array.of(sum.numbers[0]! + 1)),
};

const twice: FlatMapFunction = {
  name: "twice",
  infer: (type) => ({ element: type, count: constant(2) }),
  apply: (one) => [one, one],
};

function whole() {
  const program = new Program("own");
  const x = source(program, { id: "x", shape: shapeOf(2, 3), element: tile("f32", 1, 1) });
  const cubes = map(x, { id: "cubes", fn: cube, bandwidth: 1 });
  output(flatMap(cubes, { fn: twice }), { id: "twice" });
  output(scan(cubes, { fn: count, rank: 1 }), { id: "counts" });
  output(accum(cubes, { fn: count, rank: 1 }), { id: "count" });
  return { program, sources: { x: scalars("1.2.3.S1.4.5.6.S1.D", 1) } };
}

describe("functions of the caller's own", () => {
  it("stand where names stand, with the same values in both engines", () => {
    const { program, sources } = whole();
    const { outputs } = interpret(program, { sources });
    expect(shown(outputs.twice!)).toBe("1.1.8.8.27.27.S1.64.64.125.125.216.216.S1.D");
    expect(shown(outputs.counts!)).toBe("11.12.13.S1.11.12.13.S1.D");
    expect(shown(outputs.count!)).toBe("13.13.D");
    const timed = simulateProgram(program, { sources }, { mode: "functional" });
    for (const id of ["twice", "counts", "count"]) expect(shown(timed.outputs![id]!)).toBe(shown(outputs[id]!));
    // 6 cubes of 2 operations; the fold and the scan count one each for every element.
    expect(timed.flops).toBe(24);
    expect(timed.report.cycles).toBeGreaterThanOrEqual(12);
  });

  it("need a functional run, as nobody else knows their results", () => {
    const { program, sources } = whole();
    expect(() => simulateProgram(program, { sources })).toThrow(
      /map "cubes" has a function of its own, 'cube': run the program in functional mode/,
    );
  });

  it("are names in text and JSON, which read back where such a function is known", () => {
    const { program } = whole();
    const text = printProgram(program);
    expect(text).toContain("%cubes = map %x {fn = cube, bandwidth = 1}");
    expect(programToJson(program).nodes[1]!.attributes.fn).toBe("cube");
    expect(() => parseProgram({ name: "own.step", text })).toThrow(/map has no function 'cube'/);
  });

  it("are refused where another operator's function stands", () => {
    const { program } = whole();
    const x = program.node("x")!.outputs[0]!;
    // @ts-expect-error a fold is no map
    expect(() => map(x, { fn: count })).toThrow(/map cannot use 'count', a function for another operator/);
  });
});

describe("choose", () => {
  const rows = (...all: number[][]): Token<Value>[] =>
    all.map((row) => new TileValue(1, row.length, Float64Array.from(row)));

  function routed() {
    const program = new Program("routed");
    const x = source(program, { id: "x", shape: shapeOf(3), element: tile("f32", 1, 1) });
    const mask = source(program, { id: "mask", shape: shapeOf(3), element: tile("f32", 1, 2) });
    const chosen = choose(mask, { id: "chosen" });
    output(chosen, { id: "selectors" });
    output(reassemble(partition(x, chosen, { rank: 0 }), chosen), { id: "back" });
    return program;
  }

  it("makes choices of computed rows, with which groups are sent and brought back in both engines", () => {
    const program = routed();
    const sources = { x: scalars("5.6.7.D", 0), mask: rows([1, 1], [0, 0], [0, 1]) };
    const { outputs } = interpret(program, { sources });
    expect(outputs.selectors).toEqual([new SelectorValue([0, 1]), new SelectorValue([]), new SelectorValue([1])]);
    expect(shown(outputs.back!)).toBe("5.5.S1.S1.7.S1.D");
    const timed = simulateProgram(program, { sources }, { mode: "functional" });
    expect(shown(timed.outputs!.back!)).toBe(shown(outputs.back!));
    expect(() => simulateProgram(program, { sources })).toThrow(
      /choose "chosen" reads numbers: run the program in functional/,
    );
  });

  it("refuses numbers other than 0 and 1, and tiles that are no rows", () => {
    const sources = { x: scalars("5.6.7.D", 0), mask: rows([1, 1], [0.5, 0], [0, 1]) };
    expect(() => interpret(routed(), { sources })).toThrow(/choose "chosen": .* number 0 of this one is 0.5/);
    const program = new Program("wrong");
    const x = source(program, { id: "x", shape: shapeOf(3), element: tile("f32", 2, 2) });
    expect(() => choose(x)).toThrow(/choose reads tiles of one row with static columns/);
  });
});
