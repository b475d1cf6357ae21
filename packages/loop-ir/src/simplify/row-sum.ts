/** Finds loops that add to one row of a buffer again and again. */
import { expressionKey } from "../nest/expression-key.ts";
import type { Expression, Nest, Statement } from "../nest/nest.ts";
import { assignedIn, bodiesOf, expressionsOf, forEachStatement, operandsOf, someExpression } from "../nest/walk.ts";

type For = Extract<Statement, { kind: "for" }>;
type Store = Extract<Statement, { kind: "store" }>;

/** An innermost loop `out[row + k] = out[row + k] + …` whose row is the same all through a loop around it. */
export interface RowSum {
  readonly loop: For;
  readonly store: Store;
}

const laneElements: readonly string[] = ["f64", "f32", "i64", "i32"];

/** The only effect of a loop, if that is one row sum. */
export function rowSum(nest: Nest, outer: For): RowSum | undefined {
  const found: RowSum[] = [];
  let others = false;
  const visit = (body: readonly Statement[]): void => {
    for (const statement of body) {
      const sum = statement.kind === "for" ? sumOf(statement) : undefined;
      if (sum !== undefined) found.push(sum);
      else if (["for", "if", "set", "step"].includes(statement.kind)) bodiesOf(statement).forEach(visit);
      else others = true;
    }
  };
  visit(outer.body);
  const [sum, second] = found;
  if (sum === undefined || second !== undefined || others) return undefined;
  const { loop, store } = sum;
  const assigned = assignedIn([outer]);
  const row = rowOf(store.index, loop.local);
  const steady = [loop.from, loop.to, ...(row ?? [])].every((each) => isSteady(each, assigned));
  if (row === undefined || !steady || !laneElements.includes(nest.buffers[store.buffer]!.element)) return undefined;
  return loadsOnlyItself(outer, store) ? sum : undefined;
}

/** A loop whose body adds to the entry of a buffer that it stores, and has no other effect. */
function sumOf(loop: For): RowSum | undefined {
  const stores = loop.body.filter((statement) => statement.kind === "store");
  const plain = loop.body.every(({ kind }) => kind === "store" || kind === "set");
  const [store] = stores;
  if (loop.step !== 1 || !plain || stores.length !== 1 || store === undefined) return undefined;
  const { value, index, buffer, mask } = store;
  if (mask !== undefined || value.kind !== "binary" || value.operator !== "add") return undefined;
  const key = expressionKey(index);
  const itself = (each: Expression): boolean =>
    each.kind === "load" && each.buffer === buffer && each.mask === undefined && expressionKey(each.index) === key;
  return itself(value.left) || itself(value.right) ? { loop, store } : undefined;
}

/** What is added to the loop's variable in an index; undefined if the index is anything else. */
function rowOf(index: Expression, variable: number): readonly Expression[] | undefined {
  const terms = sumTerms(index);
  const rest = terms.filter((term) => !(term.kind === "local" && term.local === variable));
  return rest.length === terms.length - 1 ? rest : undefined;
}

function sumTerms(index: Expression): readonly Expression[] {
  if (index.kind === "binary" && index.operator === "add") return [...sumTerms(index.left), ...sumTerms(index.right)];
  return [index];
}

/** Whether an expression is the same all through a loop that sets the locals `assigned`: it loads nothing. */
export function isSteady(expression: Expression, assigned: ReadonlySet<number>): boolean {
  if (expression.kind === "local") return !assigned.has(expression.local);
  return expression.kind !== "load" && operandsOf(expression).every((operand) => isSteady(operand, assigned));
}

/** Whether the buffer of a sum is loaded nowhere but in the sum itself, once. */
function loadsOnlyItself(outer: For, store: Store): boolean {
  let loads = 0;
  const count = (expression: Expression): void => {
    if (expression.kind === "load" && expression.buffer === store.buffer) loads += 1;
    operandsOf(expression).forEach(count);
  };
  forEachStatement([outer], (statement) => expressionsOf(statement).forEach(count));
  return loads === 1;
}

/** A row filled with a constant. */
export interface RowFill {
  readonly loop: For;
  readonly value: Expression;
}

/** The filling of the row of a sum with a constant, where nothing but sets of other things follows it. */
export function rowFill(before: readonly Statement[], sum: RowSum): RowFill | undefined {
  const last = before.findLastIndex(({ kind }) => kind !== "set");
  const fill = fillOf(before[last], sum);
  if (fill === undefined) return undefined;
  const between = before.slice(last + 1);
  const set = assignedIn(between);
  const touches = (each: Expression): boolean => each.kind === "load" && each.buffer === sum.store.buffer;
  const apart = between.every((each) => !expressionsOf(each).some((value) => someExpression(value, touches)));
  const steady = [fill.loop.from, fill.loop.to, sum.store.index].every((each) => isSteady(each, set));
  return apart && steady ? fill : undefined;
}

function fillOf(statement: Statement | undefined, { loop, store }: RowSum): RowFill | undefined {
  if (statement?.kind !== "for" || statement.step !== 1 || statement.body.length !== 1) return undefined;
  const [fill] = statement.body;
  if (fill?.kind !== "store" || fill.buffer !== store.buffer || fill.mask !== undefined) return undefined;
  if (fill.value.kind !== "constant" || !sameValue(statement.from, loop.from) || !sameValue(statement.to, loop.to))
    return undefined;
  const [filled, summed] = [rowOf(fill.index, statement.local), rowOf(store.index, loop.local)];
  if (filled === undefined || summed === undefined) return undefined;
  const key = (row: readonly Expression[]): string => row.map(expressionKey).sort().join();
  return key(filled) === key(summed) ? { loop: statement, value: fill.value } : undefined;
}

function sameValue(one: Expression, other: Expression): boolean {
  return expressionKey(one) === expressionKey(other);
}
