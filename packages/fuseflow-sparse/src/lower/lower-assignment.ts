/**
 * Lowers an assignment in index notation to a SAM graph.
 *
 * Loops over kept variables are shared by all products of the sum: the products' coordinates are joined by union there.
 */
import type { Assignment } from "@millrace/tensor";
import type { SamGraph, SamLevelKind, SamTensor } from "../sam/graph.ts";
import { GraphBuilder, type OutPort } from "./graph-builder.ts";
import { type JoinMember, join, repeat } from "./level-join.ts";
import { lazy, type OperandView } from "./operand-view.ts";
import type { ProductTerm } from "./product-terms.ts";
import {
  atVariable,
  finishAlone,
  type LoweringContext,
  load,
  product,
  repeatOthers,
  type TermState,
  walkLevel,
} from "./term-lowering.ts";

/** Everything the planner has settled: nothing in here can fail. */
export interface LoweringPlan {
  readonly assignment: Assignment;
  readonly expression: string;
  readonly order: readonly string[];
  readonly terms: readonly ProductTerm[];
  readonly tensors: Readonly<Record<string, SamTensor>>;
  /** Level kind of the result for each kept variable; where it is missing, `dense` if every coordinate occurs, else `compressed`. */
  readonly resultKinds: ReadonlyMap<string, SamLevelKind>;
  readonly locate: boolean;
  readonly guides: boolean;
}

/** A lowered graph, and which levels of the result hold every coordinate. */
export interface Lowered {
  readonly graph: SamGraph;
  readonly complete: ReadonlySet<string>;
}

/** Builds the graph of a plan. */
export function lowerAssignment(plan: LoweringPlan): Lowered {
  const builder = new GraphBuilder();
  const free = new Set(plan.assignment.output.indices.map((index) => index.name));
  const context: LoweringContext = { builder, locate: plan.locate, guides: plan.guides, free, signals: new Map() };
  const states = plan.terms.map((term) => startTerm(term, plan, builder));
  const crds = new Map<string, OutPort>();
  const complete = new Set<string>();
  const shared = { crds, complete };
  for (const variable of plan.order) {
    if (free.has(variable)) {
      const level = sharedLevel(states, variable, context);
      crds.set(variable, level.crd);
      if (level.complete) complete.add(variable);
    } else {
      for (const state of states) {
        if (state.result === null && state.variables.includes(variable))
          state.result = finishAlone(state, variable, shared, context);
      }
    }
  }
  const val = sum(states, crds, context);
  const result = writeResult(plan, crds, complete, val, builder);
  const name = plan.assignment.output.tensor;
  return { graph: builder.finish(name, plan.expression, { ...plan.tensors, [name]: result }), complete };
}

function startTerm(term: ProductTerm, { order, tensors }: LoweringPlan, builder: GraphBuilder): TermState {
  const view = (access: ProductTerm["factors"][number]): OperandView => {
    const tensor = tensors[access.tensor]!;
    const ref = lazy((): OutPort => {
      const block = builder.add(`root-${access.tensor}`, { type: "root", tensor: access.tensor }, {});
      return { block, port: "ref", kind: "ref" };
    });
    const variables = tensor.modeOrder.map((mode) => access.indices[mode]!.name);
    return { access, tensor, variables, depth: 0, ref, maybeEmpty: false };
  };
  const factors = term.factors.map(view);
  const used = new Set(factors.flatMap((factor) => factor.variables));
  return {
    term,
    variables: order.filter((variable) => used.has(variable)),
    views: factors.filter((factor) => factor.variables.length > 0),
    scalars: factors.filter((factor) => factor.variables.length === 0),
    divisors: term.divisors.map(view),
    result: null,
  };
}

function sharedLevel(states: readonly TermState[], variable: string, context: LoweringContext): JoinMember {
  const members = states.map((state) => memberOf(state, variable, context));
  const level = join("union", members, atVariable(context, variable));
  for (const [at, { views, result }] of states.entries()) {
    if (result !== null) continue;
    if (members.length > 1 && !members[at]!.complete) for (const view of views) view.maybeEmpty = true;
    repeatOthers(views, variable, level.crd, context);
  }
  return level;
}

function memberOf(state: TermState, variable: string, context: LoweringContext): JoinMember {
  const { result } = state;
  if (result === null) return walkLevel(state.views, variable, context);
  const accept = (joined: OutPort): void => {
    result.val = joined;
  };
  return { crd: result.crds.get(variable)!, carried: [{ stream: result.val, accept }], complete: false };
}

function sum(states: readonly TermState[], crds: ReadonlyMap<string, OutPort>, context: LoweringContext): OutPort {
  const { builder } = context;
  let total: OutPort | null = null;
  for (const state of states) {
    const { coefficient } = state.term;
    const subtracted = total !== null && coefficient < 0;
    const val = scaled(termValue(state, crds, context), subtracted ? -coefficient : coefficient, builder);
    if (total === null) {
      total = val;
    } else {
      const operation = subtracted ? "sub" : "add";
      const block = builder.add(operation, { type: "alu", operation }, { val0: total, val1: val });
      total = { block, port: "val", kind: "val" };
    }
  }
  return total!;
}

function scaled(val: OutPort, coefficient: number, builder: GraphBuilder): OutPort {
  if (coefficient === 1) return val;
  const block = builder.add("scale", { type: "unary", operation: "scalar-mul", constant: coefficient }, { val });
  return { block, port: "val", kind: "val" };
}

// Factors of order 0 come last: they are repeated over the loops of the result only, not over those of the reductions.
function termValue(state: TermState, crds: ReadonlyMap<string, OutPort>, context: LoweringContext): OutPort {
  const { builder, signals } = context;
  for (const view of [...state.scalars, ...state.divisors]) {
    for (const [variable, crd] of crds) repeat(view, crd, atVariable(context, variable), signals);
  }
  let val = state.result?.val ?? (state.views.length > 0 ? product(state.views, context) : null);
  const apply = (operation: "mul" | "div", view: OperandView): void => {
    const val1 = load(view, context);
    if (val === null) {
      val = val1;
      return;
    }
    const block = builder.add(operation, { type: "alu", operation }, { val0: val, val1 });
    val = { block, port: "val", kind: "val" };
  };
  for (const view of state.scalars) apply("mul", view);
  for (const view of state.divisors) apply("div", view);
  return val!;
}

function writeResult(
  { assignment, resultKinds }: LoweringPlan,
  crds: ReadonlyMap<string, OutPort>,
  complete: ReadonlySet<string>,
  val: OutPort,
  builder: GraphBuilder,
): SamTensor {
  const { tensor, indices } = assignment.output;
  const levels: SamLevelKind[] = [];
  for (const [index, crd] of crds) {
    const format = resultKinds.get(index) ?? (complete.has(index) ? "dense" : "compressed");
    const level = levels.push(format) - 1;
    builder.add(
      `write-${tensor}-${index}`,
      { type: "write-level", tensor, level, index, format, mergeEmptyFibers: false },
      { crd },
    );
  }
  builder.add(`write-${tensor}-values`, { type: "write-values", tensor }, { val });
  const modeOrder = [...crds.keys()].map((variable) => indices.findIndex((index) => index.name === variable));
  return { levels, modeOrder };
}
