/** Routing traces: which experts each token of a batch goes to. */
import { StepError } from "../errors.ts";
import { encodeTokens, type Token } from "../stream/tokens.ts";
import { SelectorValue, type Value } from "../stream/value.ts";

/** What a routing trace gives to the program of `moe`. */
export interface RoutingTrace {
  /** Streams for the sources `route`, `route_back` and `route_each`. */
  readonly sources: Readonly<Record<string, readonly Token<Value>[]>>;
  /** Values of the symbols `route.n0`, `route.n1`, …: tokens per expert. */
  readonly bindings: ReadonlyMap<string, number>;
  /** Tokens per expert. */
  readonly counts: readonly number[];
}

/**
 * Reads the experts of each token, in the order of the router.
 *
 * @throws {StepError} `trace-malformed` naming the token whose experts are not distinct numbers below `experts`.
 */
export function routingTrace(chosen: readonly (readonly number[])[], experts: number): RoutingTrace {
  const counts = new Array<number>(experts).fill(0);
  for (const [token, list] of chosen.entries()) {
    const fits = list.every((expert) => Number.isInteger(expert) && expert >= 0 && expert < experts);
    if (!fits || new Set(list).size !== list.length || list.length !== chosen[0]!.length) {
      const rule = `${chosen[0]!.length} distinct numbers below ${experts}`;
      throw new StepError("trace-malformed", `token ${token} goes to experts [${list.join(", ")}]; expected ${rule}`);
    }
    for (const expert of list) counts[expert]! += 1;
  }
  const all = chosen.map((list) => new SelectorValue([...list].sort((a, b) => a - b)));
  const each = chosen.map((list) => list.map((expert) => new SelectorValue([expert])));
  return {
    sources: {
      route: encodeTokens<Value>([all], 1),
      route_back: encodeTokens<Value>([all], 1),
      route_each: encodeTokens<Value>([each], 2),
    },
    bindings: new Map(counts.map((count, expert) => [`route.n${expert}`, count])),
    counts,
  };
}
