import type { Expression, Nest, Statement } from "../nest/nest.ts";
import { assignedIn, expressionsOf, operandsOf } from "../nest/walk.ts";
import { usesOf } from "./forward.ts";

/**
 * Whether the locals that a statement sets are its own: each is set before it is used, every time, and none is used
 * elsewhere. Such a statement can be run again.
 */
export function isPrivate(nest: Nest, statement: Statement): boolean {
  const assigned = assignedIn([statement]);
  for (const local of assigned) if (usesOf(nest.body, local) > usesOf([statement], local)) return false;
  return setsFirst([statement], assigned, new Set());
}

/** Whether statements, one after the other, use no local of `own` that is not set by then; adds those that are certainly set to `set`. */
export function setsFirst(body: readonly Statement[], own: ReadonlySet<number>, set: Set<number>): boolean {
  return body.every((statement) => {
    if (statement.kind !== "while" && !expressionsOf(statement).every((each) => isKnown(each, own, set))) return false;
    switch (statement.kind) {
      case "set":
        set.add(statement.local);
        return true;
      case "for":
        return setsFirst(statement.body, own, new Set([...set, statement.local]));
      case "while": {
        // The head always runs; the condition and the body follow it.
        if (!setsFirst(statement.head, own, set) || !isKnown(statement.condition, own, set)) return false;
        return setsFirst(statement.body, own, new Set(set));
      }
      case "if": {
        const [whenTrue, whenFalse] = [new Set(set), new Set(set)];
        if (!setsFirst(statement.whenTrue, own, whenTrue)) return false;
        if (!setsFirst(statement.whenFalse, own, whenFalse)) return false;
        for (const local of whenTrue) if (whenFalse.has(local)) set.add(local);
        return true;
      }
      default:
        return true;
    }
  });
}

function isKnown(expression: Expression, own: ReadonlySet<number>, set: ReadonlySet<number>): boolean {
  if (expression.kind === "local") return !own.has(expression.local) || set.has(expression.local);
  return operandsOf(expression).every((operand) => isKnown(operand, own, set));
}
