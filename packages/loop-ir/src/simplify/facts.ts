/** What is known at a place of a nest about where indices lie: enough to leave most checks of accesses out. */
import { expressionKey } from "../nest/expression-key.ts";
import type { Expression, Nest } from "../nest/nest.ts";
import { operandsOf } from "../nest/walk.ts";

/** An access to entries `index … index + lanes - 1` of a buffer. */
export interface AccessPlace {
  readonly buffer: number;
  readonly index: Expression;
  readonly lanes: number;
}

/** `0 <= local < below`, as far as each side is known. */
interface Range {
  readonly natural: boolean;
  readonly below?: Expression;
}

/** An index as a value plus a constant of at least 0. */
function splitOffset(index: Expression): { readonly value?: Expression; readonly offset: number } {
  const constant = smallConstant(index);
  if (constant !== undefined) return { offset: constant };
  if (index.kind === "convert" && index.type === "i64" && index.operand.type === "i32")
    return splitOffset(index.operand);
  if (index.kind === "binary" && index.operator === "add") {
    const offset = smallConstant(index.right);
    if (offset !== undefined) return { value: index.left, offset };
  }
  return { value: index, offset: 0 };
}

function smallConstant(expression: Expression): number | undefined {
  if (expression.kind !== "constant" || typeof expression.value === "boolean") return undefined;
  const value = Number(expression.value);
  return Number.isInteger(value) && value >= 0 && value < 2 ** 20 ? value : undefined;
}

/** Facts about locals and about accesses that have been checked; a copy is taken for each branch and loop. */
export class Facts {
  readonly #nest: Nest;
  readonly #ranges: Map<number, Range>;
  /** Accesses known to be inside, by buffer and index, with the locals that they depend on. */
  readonly #inside: Map<string, ReadonlySet<number>>;

  constructor(nest: Nest, from?: Facts) {
    this.#nest = nest;
    this.#ranges = new Map(from === undefined ? [] : from.#ranges);
    this.#inside = new Map(from === undefined ? [] : from.#inside);
  }

  copy(): Facts {
    return new Facts(this.#nest, this);
  }

  /** Forgets what depends on locals that get new values. */
  forget(locals: Iterable<number>): void {
    const gone = new Set(locals);
    for (const local of gone) this.#ranges.delete(local);
    for (const [local, { natural, below }] of this.#ranges) {
      if (below !== undefined && [...localsOf(below)].some((each) => gone.has(each)))
        this.#ranges.set(local, { natural });
    }
    for (const [key, depends] of this.#inside) {
      for (const local of depends) if (gone.has(local)) this.#inside.delete(key);
    }
  }

  /** Notes what setting a local says about it. */
  set(local: number, value: Expression): void {
    this.forget([local]);
    const range = this.#rangeOf(value);
    const own = range.below !== undefined && localsOf(range.below).has(local);
    if (range.natural) this.#ranges.set(local, own ? { natural: true } : range);
  }

  /** Notes that a loop variable runs from `from` to below `to`, whose locals the loop does not change. */
  loop(local: number, from: Expression, to: Expression): void {
    if (this.#rangeOf(from).natural)
      this.#ranges.set(local, usable(this.#nest, to) ? { natural: true, below: to } : { natural: true });
  }

  /** Notes that an access has been checked. */
  checked({ buffer, index, lanes }: AccessPlace): void {
    if (!usable(this.#nest, index)) return;
    for (let lane = 1; lane <= lanes; lane++)
      this.#inside.set(`${buffer} ${lane} ${expressionKey(index)}`, localsOf(index));
  }

  /** Whether an access cannot leave its buffer. */
  proves({ buffer, index, lanes }: AccessPlace): boolean {
    const key = expressionKey(index);
    if (this.#inside.has(`${buffer} ${lanes} ${key}`)) return true;
    const { extent } = this.#nest.buffers[buffer]!;
    const source = extent?.kind === "length" ? extent.buffer : undefined;
    if (source !== undefined && this.#inside.has(`${source} ${lanes} ${key}`)) return true;
    const { value, offset } = splitOffset(index);
    const last = offset + lanes - 1;
    if (value === undefined) return extent !== undefined && atLeast(extent, last + 1);
    const { natural, below } = this.#rangeOf(value);
    if (!natural || below === undefined) return false;
    if (below.kind === "length" && below.buffer === buffer && last === 0) return true;
    return extent !== undefined && reaches(extent, below, last);
  }

  #rangeOf(value: Expression): Range {
    switch (value.kind) {
      case "constant":
        return { natural: Number(value.value) >= 0 };
      case "unit":
        return { natural: true, below: { kind: "units", type: "i32" } };
      case "units":
      case "worker":
      case "length":
        return { natural: true };
      case "local":
        return this.#ranges.get(value.local) ?? { natural: false };
      case "load": {
        const { within, access } = this.#nest.buffers[value.buffer]!;
        return within !== undefined && access === "read" ? { natural: true, below: within } : { natural: false };
      }
      case "convert":
        return value.type === "i64" && value.operand.type === "i32" ? this.#rangeOf(value.operand) : { natural: false };
      default:
        return { natural: false };
    }
  }
}

/** Whether a buffer of length `extent` has an entry `last` places after any index below `below`. */
function reaches(extent: Expression, below: Expression, last: number): boolean {
  const [length, limit] = [splitOffset(extent), splitOffset(below)];
  if (length.value === undefined || limit.value === undefined) {
    return length.value === limit.value && length.offset >= limit.offset + last;
  }
  return sameValue(length.value, limit.value) && length.offset >= limit.offset + last;
}

function sameValue(a: Expression, b: Expression): boolean {
  return expressionKey(widened(a)) === expressionKey(widened(b));
}

/** An i32 that was made an i64 is the same number. */
function widened(expression: Expression): Expression {
  return expression.kind === "convert" && expression.operand.type === "i32" && expression.type === "i64"
    ? expression.operand
    : expression;
}

function atLeast(extent: Expression, count: number): boolean {
  const { value, offset } = splitOffset(extent);
  return value === undefined && offset >= count;
}

/** Whether an expression gives the same as long as its locals do: it reads nothing that is written. */
function usable(nest: Nest, expression: Expression): boolean {
  if (expression.kind === "load" && nest.buffers[expression.buffer]!.access !== "read") return false;
  return operandsOf(expression).every((operand) => usable(nest, operand));
}

function localsOf(expression: Expression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === "local") into.add(expression.local);
  for (const operand of operandsOf(expression)) localsOf(operand, into);
  return into;
}
