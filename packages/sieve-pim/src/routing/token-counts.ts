/** Tokens per expert of one layer, from a file. */
import * as v from "valibot";
import { checked } from "../checked.ts";
import { SieveError } from "../errors.ts";
import type { MoeModel } from "../model/moe-model.ts";

const list = v.array(v.number());
const named = v.union([
  v.pipe(
    v.object({ tokensPerExpert: list }),
    v.transform((found) => found.tokensPerExpert),
  ),
  v.pipe(
    v.object({ counts: list }),
    v.transform((found) => found.counts),
  ),
  v.pipe(
    v.object({ activeCounts: list }),
    v.transform((found) => found.activeCounts),
  ),
  list,
]);

/**
 * Counts from a text: a JSON list, a JSON object with `tokensPerExpert`, `counts` or `activeCounts`, or numbers with
 * commas or blanks between them. The i-th number belongs to expert i.
 *
 * @throws {SieveError} `counts` if the text is none of these.
 *
 * @example
 * ```ts
 * parseCounts("3, 0, 5").join(); // => "3,0,5"
 * ```
 */
export function parseCounts(text: string, name = "counts"): Uint32Array {
  const numbers = /^\s*[[{]/.test(text) ? fromJson(text, name) : fromWords(text, name);
  if (numbers.length === 0) throw new SieveError("counts", `${name}: holds no counts`);
  for (const [expert, value] of numbers.entries()) {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) continue;
    throw new SieveError(
      "counts",
      `${name}: the count of expert ${expert} is ${value}, expected an integer of at least 0`,
      {
        path: String(expert),
      },
    );
  }
  return Uint32Array.from(numbers);
}

function fromJson(text: string, name: string): readonly number[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new SieveError("counts", `${name}: ${(cause as Error).message}`, {}, { cause });
  }
  return checked(named, document, { code: "counts", of: name });
}

function fromWords(text: string, name: string): number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  return words.map((word, at) => {
    if (/^\d+$/.test(word)) return Number(word);
    throw new SieveError("counts", `${name}: the count of expert ${at} is "${word}", expected a number`, {
      path: String(at),
    });
  });
}

/**
 * Returns the number of tokens behind `counts`, those of all experts of a layer of `model`.
 *
 * @throws {SieveError} `counts` if there is not one count per expert, the sum is no multiple of top-k, or an expert has
 * more tokens than there are.
 */
export function checkCounts(counts: Uint32Array, model: Pick<MoeModel, "id" | "experts" | "topK">): number {
  const { id, experts, topK } = model;
  if (counts.length !== experts) {
    const missing = experts - counts.length;
    throw new SieveError("counts", `${counts.length} counts for the ${experts} experts of ${id}`, {
      limit: "experts",
      value: counts.length,
      allowed: experts,
      hint: missing > 0 ? `add ${missing} counts (0 for experts without tokens)` : `remove ${-missing} counts`,
    });
  }
  const slots = counts.reduce((sum, each) => sum + each, 0);
  if (slots === 0) {
    throw new SieveError("counts", "no expert has a token", { hint: `each token goes to ${topK} experts of ${id}` });
  }
  const over = slots % topK;
  if (over !== 0) {
    const fewer = over <= topK / 2 && slots > over;
    const nearest = fewer ? slots - over : slots - over + topK;
    throw new SieveError(
      "counts",
      `the counts add up to ${slots}, no multiple of top-${topK} of ${id}: ${over} more than ${slots - over}`,
      {
        limit: "topK",
        value: slots,
        allowed: nearest,
        hint: `a sum of ${nearest} (${nearest / topK} tokens) would fit: ${fewer ? `remove ${over}` : `add ${topK - over}`}`,
      },
    );
  }
  const tokens = slots / topK;
  const crowded = counts.findIndex((each) => each > tokens);
  if (crowded >= 0) {
    throw new SieveError(
      "counts",
      `expert ${crowded} has ${counts[crowded]} tokens, ${counts[crowded]! - tokens} more than the ${tokens} there are (${slots} / top-${topK})`,
      {
        path: String(crowded),
        limit: "tokens",
        value: counts[crowded]!,
        allowed: tokens,
        hint: `give it ${tokens} or fewer`,
      },
    );
  }
  return tokens;
}
