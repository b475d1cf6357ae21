/**
 * Makes innermost loops over neighbouring entries compute several at once. Each entry is computed as before, so the
 * results are the same bytes; only sums of floats carried around the loop would change, and they are left alone unless
 * `reassociate` allows that. The entries that do not fill a vector are done by the loop as it was.
 */
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import { elementBytes, isVector, type LaneType, typeName } from "../nest/types.ts";
import { bodiesOf, mapBodies } from "../nest/walk.ts";
import { foldExpression } from "./fold.ts";
import { type LoopVector, vectorBody } from "./vector-body.ts";

/** How loops are vectorised. */
export interface VectorizeOptions {
  /** Bytes computed at once: 16, 32 or 64, which is the default; what is left is tried again with 16. */
  readonly vectorBytes?: 16 | 32 | 64;
  /** Whether sums of floats may be added up in another order. False unless given. */
  readonly reassociate?: boolean;
}

type For = Extract<Statement, { kind: "for" }>;

/** The nest with its innermost loops vectorised where that can be done. */
export function vectorize(nest: Nest, options: VectorizeOptions = {}): Nest {
  const locals: LocalDeclaration[] = [...nest.locals];
  const block = (body: readonly Statement[]): Statement[] =>
    body.flatMap((statement) => {
      const inner = mapBodies(statement, block);
      if (inner.kind !== "for" || inner.step !== 1 || inner.body.some((each) => bodiesOf(each).length > 0))
        return [inner];
      return vectorized(inner, { nest, locals, options }) ?? [inner];
    });
  const body = block(nest.body);
  return { ...nest, locals, body };
}

interface Context {
  readonly nest: Nest;
  readonly locals: LocalDeclaration[];
  readonly options: VectorizeOptions;
}

function vectorized(loop: For, { nest, locals, options }: Context): Statement[] | undefined {
  const lane = laneOfLoop(nest, loop.body);
  if (lane === undefined) return undefined;
  const lanes = (options.vectorBytes ?? 64) / elementBytes(lane);
  const before = locals.length;
  const vector: LoopVector = {
    nest,
    locals,
    loop,
    type: { lane, lanes },
    reassociate: options.reassociate === true || lane === "i32" || lane === "i64",
  };
  const made = vectorBody(vector);
  if (made === undefined) {
    locals.length = before;
    return undefined;
  }
  const sets: Statement[] = [];
  const held = (name: string, value: Expression): Expression => {
    if (value.kind === "constant") return value;
    const local = locals.push({ name, type: value.type }) - 1;
    sets.push({ kind: "set", local, value });
    return { kind: "local", type: value.type, local };
  };
  const [from, to] = [held("from", loop.from), held("to", loop.to)];
  const whole = held("whole", foldExpression(wholeVectors(from, to, lanes)));
  const rest: For = { ...loop, from: whole, to };
  return [
    ...sets,
    {
      kind: "if",
      condition: { kind: "compare", type: "bool", operator: "less", left: from, right: whole },
      whenTrue: [...made.before, { ...loop, from, to: whole, step: lanes, body: made.body }, ...made.after],
      whenFalse: [],
    },
    ...(lanes * elementBytes(lane) > 16
      ? (vectorized(rest, { nest, locals, options: { ...options, vectorBytes: 16 } }) ?? [rest])
      : [rest]),
  ];
}

/** Where the entries end that fill vectors: `from` itself if it is negative, where differences could wrap. */
export function wholeVectors(from: Expression, to: Expression, lanes: number): Expression {
  const type = from.type as "i32" | "i64";
  const constant = (value: number): Expression => ({
    kind: "constant",
    type,
    value: type === "i64" ? BigInt(value) : value,
  });
  const binary = (operator: "add" | "subtract" | "and", left: Expression, right: Expression): Expression => ({
    kind: "binary",
    type: left.type,
    operator,
    left,
    right,
  });
  const less = (operator: "less" | "less-equal", left: Expression, right: Expression): Expression => ({
    kind: "compare",
    type: "bool",
    operator,
    left,
    right,
  });
  return {
    kind: "select",
    type,
    condition: binary("and", less("less-equal", constant(0), from), less("less", from, to)),
    whenTrue: binary("add", from, binary("and", binary("subtract", to, from), constant(-lanes))),
    whenFalse: from,
  };
}

/** The one type of all that a body loads, stores and sets; undefined if there are several, or none. */
function laneOfLoop(nest: Nest, body: readonly Statement[]): LaneType | undefined {
  const types = new Set<string>();
  for (const statement of body) {
    if (statement.kind === "set") types.add(typeName(statement.value.type));
    if (statement.kind === "store") types.add(nest.buffers[statement.buffer]!.element);
    if (statement.kind === "store" && isVector(statement.value.type)) return undefined;
  }
  const [only] = types;
  return types.size === 1 && ["f64", "f32", "i64", "i32"].includes(only ?? "") ? (only as LaneType) : undefined;
}
