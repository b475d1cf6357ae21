/**
 * Lowers products of accesses to blocks: the loops of one product, its values and its reductions.
 *
 * A product first follows the loops that the whole expression shares. At its first reduction variable it goes on alone:
 * it runs its remaining loops, multiplies, and reduces from the inside out. A reduction with no kept loop inside it is a
 * scalar reduction; one with n kept loops inside it is a sparse accumulator of order n, which makes the coordinates of
 * these loops anew. Factors without a variable of the innermost run of reductions are multiplied after it.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023; reductions as in FuseFlow (arXiv 2511.04768), section 6.
 */
import type { GraphBuilder, OutPort } from "./graph-builder.ts";
import { type JoinContext, type JoinMember, productLevel, repeat } from "./level-join.ts";
import { hasVariable, type OperandView } from "./operand-view.ts";
import type { ProductTerm } from "./product-terms.ts";

/** Values of a product and, for kept loops inside its first reduction, the coordinates they belong to. */
export interface TermResult {
  val: OutPort;
  /** Coordinates of the kept loops that the product ran alone, by variable, outermost first. */
  readonly crds: ReadonlyMap<string, OutPort>;
}

/** A product being lowered. */
export interface TermState {
  readonly term: ProductTerm;
  /** Its variables in loop order. */
  readonly variables: readonly string[];
  /** Factors of order 1 and more. */
  readonly views: readonly OperandView[];
  /** Factors of order 0, multiplied last. */
  readonly scalars: readonly OperandView[];
  /** Divisors of order 0. */
  readonly divisors: readonly OperandView[];
  /** Set once the product has run all its loops. */
  result: TermResult | null;
}

/** What lowering a product needs to know of the whole expression. */
export interface LoweringContext {
  readonly builder: GraphBuilder;
  readonly locate: boolean;
  /** Whether scalar reductions may be told by coordinates which fibres there are. */
  readonly guides: boolean;
  readonly free: ReadonlySet<string>;
  /** Repeat signals made so far, by the coordinate stream they follow. */
  readonly signals: Map<string, OutPort>;
}

/** What the loops so far have made. */
export interface LoopStreams {
  /** Coordinates of each loop, outermost first. */
  readonly crds: Map<string, OutPort>;
  /** The loops in which every fibre has every coordinate, so that none is empty. */
  readonly complete: Set<string>;
}

/** The join context of one loop. */
export function atVariable({ builder, locate }: LoweringContext, variable: string): JoinContext {
  return { builder, locate, variable };
}

/** One shared loop of a product: the level of the factors that have the variable. */
export function walkLevel(views: readonly OperandView[], variable: string, context: LoweringContext): JoinMember {
  const storing = views.filter((view) => hasVariable(view, variable));
  return productLevel(storing, atVariable(context, variable));
}

/** Repeats the factors that lack the variable over the coordinates of its loop. */
export function repeatOthers(
  views: readonly OperandView[],
  variable: string,
  crd: OutPort,
  context: LoweringContext,
): void {
  for (const view of views) {
    if (!hasVariable(view, variable)) repeat(view, crd, atVariable(context, variable), context.signals);
  }
}

/** Runs the loops from `first` (a reduction variable of the product) to the innermost, and reduces. */
export function finishAlone(
  state: TermState,
  first: string,
  shared: LoopStreams,
  context: LoweringContext,
): TermResult {
  const loops = state.variables.slice(state.variables.indexOf(first));
  const lastKept = loops.findLastIndex((variable) => context.free.has(variable));
  const outer = loops.slice(0, lastKept + 1);
  const inner = loops.slice(lastKept + 1);

  const streams = { crds: new Map(shared.crds), complete: new Set(shared.complete) };
  for (const variable of outer) walkAll(state.views, variable, streams, context);
  let val = innerReductions(state, inner, streams, context);
  const { crds } = streams;
  for (const variable of outer.toReversed()) {
    if (!context.free.has(variable)) val = accumulate(variable, outer, crds, val, context);
  }
  const kept = outer.filter((variable) => context.free.has(variable));
  return { val, crds: new Map(kept.map((variable) => [variable, crds.get(variable)!])) };
}

function walkAll(
  views: readonly OperandView[],
  variable: string,
  streams: LoopStreams,
  context: LoweringContext,
): void {
  const { crd, complete } = walkLevel(views, variable, context);
  streams.crds.set(variable, crd);
  if (complete) streams.complete.add(variable);
  repeatOthers(views, variable, crd, context);
}

function innerReductions(
  { views, variables }: TermState,
  inner: readonly string[],
  streams: LoopStreams,
  context: LoweringContext,
): OutPort {
  const inside = views.filter((view) => inner.some((variable) => hasVariable(view, variable)));
  const outside = views.filter((view) => !inside.includes(view));
  if (inside.length === 0) return product(outside, context);
  for (const variable of inner) walkAll(inside, variable, streams, context);
  let val = product(inside, context);
  for (const variable of inner.toReversed()) {
    const guide = guideOf(variables.slice(0, variables.indexOf(variable)), streams, context);
    const inputs = { val, ...(guide === null ? {} : { crd: guide }) };
    const block = context.builder.add(`reduce-${variable}`, { type: "reduce", operation: "add" }, inputs);
    val = { block, port: "val", kind: "val" };
  }
  return multiply([val, ...outside.map((view) => load(view, context))], context);
}

// The stop that ends an empty fibre of the loop around a reduction also ends, one level deeper, a fibre to be summed:
// only the coordinates of that loop tell the two apart. Without empty fibres there is nothing to tell.
function guideOf(
  enclosing: readonly string[],
  { crds, complete }: LoopStreams,
  { guides }: LoweringContext,
): OutPort | null {
  const around = enclosing.at(-1);
  if (!guides || around === undefined || enclosing.every((variable) => complete.has(variable))) return null;
  return crds.get(around)!;
}

/** Sums over `variable`, outside at least one kept loop; replaces the coordinates of these loops. */
function accumulate(
  variable: string,
  loops: readonly string[],
  crds: Map<string, OutPort>,
  val: OutPort,
  { builder, free }: LoweringContext,
): OutPort {
  const kept = loops.slice(loops.indexOf(variable) + 1).filter((loop) => free.has(loop));
  const indices = [...kept.toReversed(), variable];
  const inputs: Record<string, OutPort> = { val };
  for (const [at, index] of indices.entries()) inputs[`crd${at}`] = crds.get(index)!;
  const block = builder.add(
    `spacc-${variable}`,
    { type: "spacc", form: "fibers", order: kept.length, indices },
    inputs,
  );
  for (const [at, index] of indices.entries()) {
    if (index !== variable) crds.set(index, { block, port: `crd${at}`, kind: "crd" });
  }
  return { block, port: "val", kind: "val" };
}

/** The values of the factors, multiplied from left to right. */
export function product(views: readonly OperandView[], context: LoweringContext): OutPort {
  return multiply(
    views.map((view) => load(view, context)),
    context,
  );
}

/** Loads the values that a view refers to. */
export function load(view: OperandView, { builder }: LoweringContext): OutPort {
  const { tensor } = view.access;
  const block = builder.add(`array-${tensor}`, { type: "array", tensor }, { ref: view.ref() });
  return { block, port: "val", kind: "val" };
}

function multiply(values: readonly OutPort[], { builder }: LoweringContext): OutPort {
  return values.reduce((val0, val1) => {
    const block = builder.add("mul", { type: "alu", operation: "mul" }, { val0, val1 });
    return { block, port: "val", kind: "val" };
  });
}
