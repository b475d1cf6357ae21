/** Types as printed graphs write them: `f32[34, 8]`, `i64[s0]`, `Sym(s0)`. */
import { DiagnosticError } from "@millrace/ir-text";
import type { Value } from "../../graph/model-graph.ts";
import { parseSize } from "../../graph/parse-size.ts";
import { type Size, symbolsOfSize } from "../../graph/size.ts";
import { dtypeOfName } from "./torch-dtype.ts";

const tensorType = /^([a-z][a-z0-9]*)\[([^\]]*)\]/;
const sizeType = /^Sym\((.*)\)$/;

/** What a printed type says, or `undefined` if it is none; `watch` is told of every symbol. */
export function parsePrintedType(text: string, watch: (symbol: string) => void): Value | undefined {
  const symbolic = sizeType.exec(text)?.[1];
  if (symbolic !== undefined) {
    const size = sizeOf(symbolic, watch);
    return size === undefined ? undefined : { dtype: "i64", shape: [], layout: "strided", size };
  }
  const [, name = "", sizes = ""] = tensorType.exec(text) ?? [];
  const dtype = dtypeOfName(name);
  if (dtype === undefined) return undefined;
  const shape = sizes.trim() === "" ? [] : sizes.split(/,(?![^(]*\))/).map((size) => sizeOf(size.trim(), watch));
  return shape.includes(undefined) ? undefined : { dtype, shape: shape as Size[], layout: "strided" };
}

function sizeOf(text: string, watch: (symbol: string) => void): Size | undefined {
  try {
    const size = parseSize(text);
    for (const symbol of symbolsOfSize(size)) watch(symbol);
    return size;
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
