/**
 * Runs sums of neighbouring iterations side by side. Where each iteration of a loop adds up floats in an order that must
 * not change,
 *
 *     for p …: sum = 0; for k in 0 .. n: sum = sum + e(p, k); store sum
 *
 * every addition waits for the one before. A few iterations of the outer loop share one inner loop instead: their sums do
 * not wait for each other. Each is made in its own order, and what follows the inner loop is done in the order it was.
 */
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import {
  assignedIn,
  expressionsOf,
  forEachStatement,
  mapBodies,
  mapExpressions,
  rewrite,
  someExpression,
} from "../nest/walk.ts";
import { usesOf } from "./forward.ts";
import { setsFirst } from "./private-locals.ts";
import { isSteady } from "./row-sum.ts";
import { wholeVectors } from "./vectorize.ts";

/** How sums are jammed. */
export interface JamOptions {
  /** Iterations side by side, a power of two; 4 unless given. */
  readonly sums?: number;
}

type For = Extract<Statement, { kind: "for" }>;

/** The nest with sums of neighbouring iterations side by side. */
export function jamSums(nest: Nest, { sums = 4 }: JamOptions = {}): Nest {
  const locals = [...nest.locals];
  const block = (body: readonly Statement[]): Statement[] =>
    body.flatMap((statement) => {
      const parts = statement.kind === "for" ? partsOf(nest, statement) : undefined;
      return parts === undefined ? [mapBodies(statement, block)] : jammed(parts, locals, sums);
    });
  const body = block(nest.body);
  return { ...nest, locals, body };
}

/** A loop as what comes before the loop inside it, that loop, and what follows. */
interface SumLoop {
  readonly outer: For;
  readonly before: readonly Statement[];
  readonly inner: For;
  readonly after: readonly Statement[];
  /** Locals that each iteration sets for itself. */
  readonly own: ReadonlySet<number>;
}

function partsOf(nest: Nest, outer: For): SumLoop | undefined {
  const place = outer.body.findIndex(({ kind }) => kind === "for");
  const inner = outer.body[place];
  if (outer.step !== 1 || inner?.kind !== "for" || !inner.body.every(({ kind }) => kind === "set")) return undefined;
  const [before, after] = [outer.body.slice(0, place), outer.body.slice(place + 1)];
  if (!isPlain(before, ["set", "if", "step"]) || !isPlain(after, ["set", "store", "if", "step"])) return undefined;
  if (!inner.body.some((statement) => carriesFloat(nest, statement))) return undefined;
  const own = new Set(assignedIn([...before, inner]));
  const all = assignedIn([outer]);
  if (![inner.from, inner.to].every((end) => isSteady(end, all))) return undefined;
  // What only the inner loop sets keeps its value from an earlier iteration where that loop has none.
  if (!setsFirst([...before, inner, ...after], own, new Set([outer.local]))) return undefined;
  for (const local of own) if (usesOf(nest.body, local) > usesOf([outer], local)) return undefined;
  const parts = { outer, before, inner, after, own };
  return isIndependent(parts) ? parts : undefined;
}

/** Whether statements, and those inside them, are of some kinds alone. */
function isPlain(body: readonly Statement[], kinds: readonly Statement["kind"][]): boolean {
  let plain = true;
  forEachStatement(body, ({ kind }) => {
    plain &&= kinds.includes(kind);
  });
  return plain;
}

/** Whether a statement adds to a float that it set in the iteration before. */
function carriesFloat({ locals }: Nest, statement: Statement): boolean {
  if (statement.kind !== "set") return false;
  const { type } = locals[statement.local]!;
  const itself = (each: Expression): boolean => each.kind === "local" && each.local === statement.local;
  return (type === "f64" || type === "f32") && someExpression(statement.value, itself);
}

/** Whether no iteration needs, before its sum is made, what the iterations before it leave behind. */
function isIndependent({ outer, before, inner, after, own }: SumLoop): boolean {
  const left = new Set([...assignedIn(after)].filter((local) => !own.has(local)));
  const stored = new Set<number>();
  forEachStatement(after, (statement) => {
    if (statement.kind === "store") stored.add(statement.buffer);
  });
  const depends = (each: Expression): boolean =>
    (each.kind === "local" && left.has(each.local)) || (each.kind === "load" && stored.has(each.buffer));
  // The ends of the loop are looked at again for those that are left over.
  let independent = ![outer.from, outer.to].some((end) => someExpression(end, depends));
  forEachStatement([...before, inner], (statement) => {
    independent &&= !expressionsOf(statement).some((each) => someExpression(each, depends));
  });
  return independent;
}

/** Loops with `sums` iterations side by side, then half as many, down to one. */
function jammed(loop: SumLoop, locals: LocalDeclaration[], sums: number): Statement[] {
  const { outer } = loop;
  const type = outer.from.type as "i32" | "i64";
  const statements: Statement[] = [];
  let from = outer.from;
  for (let count = sums; count > 1; count >>= 1) {
    const whole = locals.push({ name: "whole", type }) - 1;
    const end: Expression = { kind: "local", type, local: whole };
    statements.push(
      { kind: "set", local: whole, value: wholeVectors(from, outer.to, count) },
      { ...outer, from, to: end, step: count, body: sideBySide(loop, locals, count) },
    );
    from = end;
  }
  return [...statements, { ...outer, from }];
}

function sideBySide({ outer, before, inner, after, own }: SumLoop, locals: LocalDeclaration[], sums: number) {
  const type = outer.from.type as "i32" | "i64";
  const index: Expression = { kind: "local", type, local: outer.local };
  const copies = Array.from({ length: sums }, (_, copy) => {
    const renamed = new Map<number, number>();
    if (copy > 0)
      for (const local of own) if (local !== inner.local) renamed.set(local, locals.push(locals[local]!) - 1);
    const right: Expression = { kind: "constant", type, value: type === "i64" ? BigInt(copy) : copy };
    const moved: Expression = copy === 0 ? index : { kind: "binary", type, operator: "add", left: index, right };
    const change = (expression: Expression): Expression =>
      rewrite(expression, (each) => {
        if (each.kind !== "local") return each;
        if (each.local === outer.local) return moved;
        const local = renamed.get(each.local);
        return local === undefined ? each : { ...each, local };
      });
    return (body: readonly Statement[]): Statement[] => body.map((each) => renamedIn(each, change, renamed));
  });
  return [
    ...copies.flatMap((copy) => copy(before)),
    { ...inner, body: copies.flatMap((copy) => copy(inner.body)) },
    ...copies.flatMap((copy) => copy(after)),
  ];
}

function renamedIn(
  statement: Statement,
  change: (expression: Expression) => Expression,
  renamed: ReadonlyMap<number, number>,
): Statement {
  const changed = mapBodies(mapExpressions(statement, change), (inner) =>
    inner.map((each) => renamedIn(each, change, renamed)),
  );
  return changed.kind === "set" ? { ...changed, local: renamed.get(changed.local) ?? changed.local } : changed;
}
