/**
 * Settles the loop order of an expression and with it the storage of every operand, or says why there is none.
 */
import type { Diagnostic, DiagnosticBag, Span } from "@millrace/ir-text";
import type { Access } from "@millrace/tensor";
import type { SamLevelKind, SamTensor } from "../sam/graph.ts";
import { brokenConstraints, firstLegalOrder, type OrderConstraint, storageConstraints } from "./loop-order.ts";

/** A requested format: level kinds, and the mode order when the text fixes it. */
export interface RequestedFormat {
  readonly kinds: readonly SamLevelKind[];
  readonly modeOrder: readonly number[] | null;
}

/**
 * The loop order to use: `requested` when every operand can be walked in it, else the first legal one.
 * Reports to `bag` when there is none.
 */
export function settleOrder(
  accesses: readonly Access[],
  formats: ReadonlyMap<string, RequestedFormat>,
  requested: readonly string[] | undefined,
  bag: DiagnosticBag,
): readonly string[] {
  const variables = [...new Set(accesses.flatMap((access) => access.indices.map((index) => index.name)))];
  const constraints = accesses.flatMap((access) => {
    const modeOrder = formats.get(access.tensor)?.modeOrder ?? null;
    return modeOrder === null ? [] : storageConstraints(access, modeOrder);
  });
  const [first] = accesses;
  if (requested === undefined) {
    const legal = firstLegalOrder(variables, constraints);
    if (legal === null) bag.report(contradiction(constraints, first!.span));
    const settled = legal ?? variables;
    for (const problem of sharedStorageProblems(accesses, formats, settled)) bag.report(problem);
    return settled;
  }
  const wanted = [...variables].sort().join(",");
  if ([...requested].sort().join(",") !== wanted) {
    bag.report({
      severity: "error",
      code: "lower-order-variables",
      message: `the loop order ${requested.join(",")} must name each of ${variables.join(", ")} once`,
      span: first!.span,
    });
    return variables;
  }
  for (const broken of brokenConstraints(requested, constraints)) bag.report(discordant(broken, requested));
  for (const problem of sharedStorageProblems(accesses, formats, requested)) bag.report(problem);
  return requested;
}

function contradiction(constraints: readonly OrderConstraint[], span: Span): Diagnostic {
  return {
    severity: "error",
    code: "lower-order-contradiction",
    message: "no loop order walks every operand in its storage order",
    span,
    notes: constraints.map(({ before, after, access }) => ({
      message: `${access.tensor} is stored with ${before} outside ${after}`,
      span: access.span,
    })),
    help: "store one of them in another mode order, for example ss10 instead of ss01",
  };
}

function discordant({ before, after, access }: OrderConstraint, order: readonly string[]): Diagnostic {
  return {
    severity: "error",
    code: "lower-order-discordant",
    message: `${access.tensor} is stored with ${before} outside ${after}, but the loop order ${order.join(",")} has ${after} outside`,
    span: access.span,
    help: `store ${access.tensor} in another mode order, or move ${before} before ${after}`,
  };
}

// A tensor used twice is stored once: its second use must fit the storage that the first one chose.
function sharedStorageProblems(
  accesses: readonly Access[],
  formats: ReadonlyMap<string, RequestedFormat>,
  order: readonly string[],
): Diagnostic[] {
  const chosen = new Map<string, Access>();
  const problems: Diagnostic[] = [];
  for (const access of accesses) {
    const first = chosen.get(access.tensor);
    if (first === undefined) {
      chosen.set(access.tensor, access);
      continue;
    }
    const { modeOrder } = storage(first, formats.get(access.tensor), order);
    const [broken] = brokenConstraints(order, storageConstraints(access, modeOrder));
    if (broken === undefined || formats.get(access.tensor)?.modeOrder) continue;
    problems.push({
      severity: "error",
      code: "lower-two-storage-orders",
      message: `${access.tensor} would have to be stored in two mode orders`,
      span: access.span,
      notes: [{ message: `this use walks it the other way`, span: first.span }],
      help: `give the transposed copy of ${access.tensor} a name of its own, or choose another loop order`,
    });
  }
  return problems;
}

/** How an operand is stored: as requested where that is fixed, else with its modes in loop order. */
export function storage(access: Access, format: RequestedFormat | undefined, order: readonly string[]): SamTensor {
  const levels = format?.kinds ?? access.indices.map((): SamLevelKind => "compressed");
  const place = (mode: number): number => order.indexOf(access.indices[mode]!.name);
  const modeOrder = format?.modeOrder ?? access.indices.map((_, mode) => mode).sort((a, b) => place(a) - place(b));
  return { levels, modeOrder };
}
