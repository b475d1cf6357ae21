import { LoopError } from "../errors.ts";
import type { Expression, Nest, Statement } from "../nest/nest.ts";
import { type ElementType, isVector, type ScalarType, type Type } from "../nest/types.ts";
import { mapBodies, mapExpressions, rewrite } from "../nest/walk.ts";

/**
 * A nest with 32-bit numbers in place of 64-bit ones, for targets that have no others. It computes something else: sums
 * of more than 2^31 wrap, and floats keep 24 bits.
 *
 * @throws {LoopError} `unsupported` for an integer constant that 32 bits do not hold, and for masks of 64-bit lanes.
 */
export function narrowNest(nest: Nest): Nest {
  const limits = (limit: Expression | undefined) =>
    limit === undefined || limit.kind === "length" ? limit : rewrite(limit, narrowed);
  const narrowBody = (body: readonly Statement[]): readonly Statement[] =>
    body.map((statement) =>
      mapBodies(
        mapExpressions(statement, (each) => rewrite(each, narrowed)),
        narrowBody,
      ),
    );
  return {
    ...nest,
    buffers: nest.buffers.map(({ extent, within, ...buffer }) => {
      const [length, limit] = [limits(extent), limits(within)];
      return {
        ...buffer,
        element: narrowScalar(buffer.element),
        ...(length === undefined ? {} : { extent: length }),
        ...(limit === undefined ? {} : { within: limit }),
      };
    }),
    scalars: nest.scalars.map((scalar) => ({ ...scalar, type: narrowScalar(scalar.type) })),
    locals: nest.locals.map((local) => ({ ...local, type: narrowType(local.type) })),
    body: narrowBody(nest.body),
  };
}

function narrowScalar<T extends ElementType>(type: T): T {
  return (type === "i64" ? "i32" : type === "f64" ? "f32" : type) as T;
}

function narrowType(type: Type): Type {
  if (typeof type === "string") return narrowScalar(type);
  if (isVector(type)) return { lane: narrowScalar(type.lane) as "i32" | "f32", lanes: type.lanes };
  if (type.bits === 32) return type;
  throw new LoopError("unsupported", "a mask of 64-bit lanes has no narrow form");
}

function narrowed(expression: Expression): Expression {
  if (expression.kind === "constant") return narrowConstant(expression);
  if (expression.kind === "length") {
    // The length of a buffer is an i64 by definition; what uses it has become an i32.
    return { kind: "convert", type: "i32", operand: expression };
  }
  const type = narrowType(expression.type) as never;
  const changed = { ...expression, type } as Expression;
  return changed.kind === "convert" && changed.operand.type === changed.type ? changed.operand : changed;
}

function narrowConstant(constant: Extract<Expression, { kind: "constant" }>): Expression {
  const { value } = constant;
  const type: ScalarType = narrowScalar(constant.type);
  if (type === constant.type) return constant;
  if (typeof value === "bigint") {
    if (BigInt.asIntN(32, value) === value) return { kind: "constant", type, value: Number(value) };
    throw new LoopError("unsupported", `${value} does not fit 32 bits`);
  }
  return { kind: "constant", type, value: Math.fround(Number(value)) };
}
