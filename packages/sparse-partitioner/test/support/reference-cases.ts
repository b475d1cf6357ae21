import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { coordinateList, pack, parseFormat, type Tensor, unpack } from "@millrace/tensor";

/** Entries of a tensor by coordinates. */
interface Listed {
  readonly coords: readonly (readonly number[])[];
  readonly vals: readonly number[];
}

/** One case of `test/data/taco-cases.jsonl.gz`; see the README there. */
export interface ReferenceCase {
  readonly id: number;
  readonly tag: string;
  readonly expr: string;
  readonly kind: string;
  readonly resultFormat: string;
  readonly resultDims: readonly number[];
  readonly operands: Readonly<Record<string, Listed & { readonly format: string; readonly dims: readonly number[] }>>;
  readonly expected: Listed | { readonly scalar: number };
  readonly taco: {
    readonly status: "ok" | "unsupported";
    readonly result?: { readonly levels: readonly (readonly (readonly number[])[])[] };
    readonly stored?: number;
  };
}

/** All of them. */
export const referenceCases: readonly ReferenceCase[] = gunzipSync(
  readFileSync(new URL("../data/taco-cases.jsonl.gz", import.meta.url)),
)
  .toString()
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as ReferenceCase);

/** The operands of a case in their formats. */
export function operandsOf({ operands }: ReferenceCase): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(operands).map(([name, { format, dims, coords, vals }]) => [
      name,
      pack(
        coordinateList(
          dims,
          coords.map((row, e) => [...row, vals[e]!]),
        ),
        parseFormat(format, dims.length),
      ),
    ]),
  );
}

/** The format of a case's result. */
export function resultFormatOf({ resultFormat, resultDims }: ReferenceCase) {
  return parseFormat(resultDims.length === 0 ? "none" : resultFormat, resultDims.length);
}

/** Nonzero values by coordinates, as text that can be compared. */
export function nonzerosOf(tensor: Tensor): string[] {
  const { coordinates, values } = unpack(tensor);
  const rows = [...values].flatMap((value, e) =>
    value === 0 ? [] : [`${coordinates.map((column) => column[e]).join()}=${value}`],
  );
  return rows.sort();
}

/** What a case must give. */
export function expectedOf({ expected }: ReferenceCase): string[] {
  if ("scalar" in expected) return expected.scalar === 0 ? [] : [`=${expected.scalar}`];
  return expected.coords.map((row, e) => `${row.join()}=${expected.vals[e]}`).sort();
}

/** Level arrays as the reference gives them. */
export function arraysOf(tensor: Tensor): unknown {
  return tensor.levels.map((level) => {
    if (level.kind === "dense") return [[level.size]];
    if (level.kind === "singleton") return [[...level.coordinates]];
    return "positions" in level ? [[...level.positions], [...level.coordinates]] : [];
  });
}
