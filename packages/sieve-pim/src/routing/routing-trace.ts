/** Recorded decisions of a router: which experts each token went to, or how many tokens each expert got. */
import * as v from "valibot";
import { checked, countOrZero } from "../checked.ts";
import { SieveError } from "../errors.ts";

/** The experts of each token of one layer. */
export interface RoutingTrace {
  readonly experts: number;
  readonly topK: number;
  readonly tokens: number;
  /** [token, choice]: expert; `tokens * topK` entries. */
  readonly ids: Int32Array;
}

const trace = v.object({
  numExperts: countOrZero,
  topK: countOrZero,
  topkIds: v.array(v.array(v.number())),
});

/**
 * A trace from a parsed JSON document: `{"numExperts", "topK", "topkIds": [[...], ...]}`, other members are ignored.
 *
 * @throws {SieveError} `trace` if rows are ragged, or an expert is out of range or named twice by a token.
 */
export function readRoutingTrace(document: unknown, name = "trace"): RoutingTrace {
  const { numExperts: experts, topK, topkIds } = checked(trace, document, { code: "trace", of: name });
  if (topK < 1 || topK > experts) {
    throw new SieveError("trace", `${name}: topK is ${topK}, but there are ${experts} experts`, {
      path: "topK",
      limit: "experts",
      value: topK,
      allowed: experts,
      hint: `topK must be from 1 to ${experts}`,
    });
  }
  const ids = new Int32Array(topkIds.length * topK);
  for (const [token, row] of topkIds.entries()) checkRow({ name, token, row, experts, topK }, ids);
  return { experts, topK, tokens: topkIds.length, ids };
}

interface TraceRow {
  readonly name: string;
  readonly token: number;
  readonly row: readonly number[];
  readonly experts: number;
  readonly topK: number;
}

function checkRow({ name, token, row, experts, topK }: TraceRow, ids: Int32Array): void {
  const path = `topkIds.${token}`;
  if (row.length !== topK) {
    throw new SieveError("trace", `${name}: ${path} has ${row.length} experts, expected ${topK} as in topK`, {
      path,
      limit: "topK",
      value: row.length,
      allowed: topK,
      hint: row.length > topK ? `remove ${row.length - topK}` : `add ${topK - row.length}`,
    });
  }
  for (const [at, expert] of row.entries()) {
    if (!(Number.isInteger(expert) && expert >= 0 && expert < experts)) {
      throw new SieveError(
        "trace",
        `${name}: ${path}.${at} is ${expert}, expected an expert from 0 to ${experts - 1}`,
        {
          path: `${path}.${at}`,
          limit: "numExperts",
          value: expert,
          allowed: experts - 1,
        },
      );
    }
    if (row.indexOf(expert) !== at) {
      throw new SieveError("trace", `${name}: ${path} names expert ${expert} twice`, { path: `${path}.${at}` });
    }
    ids[token * topK + at] = expert;
  }
}

/** Tokens per expert of the rows `from` to `until` of a trace, over and over if it has fewer. */
export function traceCounts(trace: RoutingTrace, from = 0, until: number = trace.tokens): Uint32Array {
  const counts = new Uint32Array(trace.experts);
  for (let token = from; token < until; token++) {
    const row = (token % trace.tokens) * trace.topK;
    for (let at = row; at < row + trace.topK; at++) counts[trace.ids[at]!]! += 1;
  }
  return counts;
}
