import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  denseTail,
  fromLevelArrays,
  levelArrays,
  pack,
  parseFormat,
  sortCoordinates,
  type Tensor,
  unpack,
} from "../../../src/index.ts";

interface TacoResult {
  readonly expression: string;
  readonly format: string;
  readonly shape: number[];
  readonly levels: number[][][];
  readonly values: number[];
  readonly coordinates: number[][];
  readonly nonzeros: number[];
}

const file = new URL("../../data/taco-results/results.json", import.meta.url);
const results = JSON.parse(readFileSync(file, "utf8")) as TacoResult[];

/** The arrays that TACO made, as a tensor of ours. */
function tensorOf({ format: text, shape, levels: arrays, values }: TacoResult): Tensor {
  const format = parseFormat(text, shape.length);
  const levels = format.levels.map(({ kind }, l) => {
    const [first, second] = arrays[l]!.map((array) => Int32Array.from(array));
    if (kind === "dense") return {};
    return kind === "singleton" ? { crd: first! } : { seg: first!, crd: second! };
  });
  return fromLevelArrays({ shape, format, levels, valueType: "float64", values: Float64Array.from(values) });
}

it.each(results)("arrays of TACO hold the entries that NumPy computed: $expression as $format", (result) => {
  const { coordinates, values } = sortCoordinates(unpack(tensorOf(result), { zeros: "drop" }));
  expect(Array.from(values, (_, e) => coordinates.map((array) => array[e]))).toEqual(result.coordinates);
  expect([...values]).toEqual(result.nonzeros);
});

it("packing makes the arrays that TACO made, where the last level marks zeros", () => {
  const marked = results.map(tensorOf).filter(({ format }) => denseTail(format) === format.levels.length);
  expect(marked.length).toBeGreaterThan(10);
  for (const tensor of marked) {
    const again = pack(unpack(tensor), tensor.format);
    expect(levelArrays(again)).toEqual(levelArrays(tensor));
    expect(again.values).toEqual(tensor.values);
  }
});
