/** What the file promises about its symbols: ranges, and equalities in the guards. */
import type { JsonReader } from "../../archive/json-reader.ts";
import type { GraphBuilder } from "../../graph/graph-builder.ts";
import { symbolsOfSize } from "../../graph/size.ts";

/** Keeps `range_constraints`; an end that is left out or infinite stays open. */
export function keepRanges(builder: GraphBuilder, json: JsonReader): void {
  const ranges = json.at("range_constraints");
  if (!ranges.present) return;
  for (const [name, range] of ranges.entries()) {
    const end = (key: string) => {
      const bound = range.at(key);
      // 2^63 - 1 and the like stand for "any".
      return typeof bound.value === "number" && Math.abs(bound.value) < Number.MAX_SAFE_INTEGER
        ? bound.integer()
        : undefined;
    };
    const known = builder.symbolOf(name) ?? {
      name,
      minimum: undefined,
      maximum: undefined,
      hint: undefined,
      equalTo: [],
    };
    builder.symbol({ ...known, minimum: end("min_val"), maximum: end("max_val") });
  }
}

const equality = /^L\['([^']+)'\]\.size\(\)\[(\d+)\] == L\['([^']+)'\]\.size\(\)\[(\d+)\]$/;

/** Keeps the guards that say two sizes are equal, with the symbol they mean; other guards say nothing about sizes. */
export function keepGuards(builder: GraphBuilder, json: JsonReader): void {
  const guards = json.at("guards_code");
  if (!guards.present) return;
  for (const guard of guards.list()) {
    const [, left = "", leftAxis = "", right = "", rightAxis = ""] = equality.exec(guard.text()) ?? [];
    if (left === "") continue;
    const symbol = symbolAt(builder, left, Number(leftAxis)) ?? symbolAt(builder, right, Number(rightAxis));
    const known = symbol === undefined ? undefined : builder.symbolOf(symbol);
    if (known === undefined) continue;
    const statement = `${left}.size(${leftAxis}) == ${right}.size(${rightAxis})`;
    builder.symbol({ ...known, equalTo: [...known.equalTo, statement] });
  }
}

function symbolAt(builder: GraphBuilder, callerName: string, axis: number): string | undefined {
  const value = builder.inputCalled(callerName);
  const size = value === undefined ? undefined : builder.valueOf(value).shape?.[axis];
  return size === undefined ? undefined : symbolsOfSize(size)[0];
}
