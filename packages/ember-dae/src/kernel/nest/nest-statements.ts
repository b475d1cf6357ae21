/** The statements of a compiled loop nest, from the operations of a program. */
import type { Value as Expression, LocalValue, NestBuilder } from "@millrace/loop-ir";
import { arithmeticNames } from "../../interpret/arithmetic.ts";
import type { Block, Op, Value } from "../../ir/op.ts";
import { heldBy, isFloat } from "../../ir/types.ts";
import { arithmeticExpression, kernelType } from "./nest-arithmetic.ts";
import type { KernelMemory } from "./nest-kernel.ts";

/** What the operations written so far have given. */
export interface NestScope {
  readonly b: NestBuilder;
  readonly values: Map<Value, Expression>;
  readonly memories: ReadonlyMap<Value, KernelMemory>;
  /** What constants are. */
  readonly constants: Map<Value, number>;
}

type Writer = (op: Op, scope: NestScope) => boolean;

/** Writes a block; false at the first operation that has no statement. */
export function statements(block: Block, scope: NestScope): boolean {
  return block.ops.every((op) => (writers[op.name] ?? arithmetic)(op, scope));
}

/** What a value is, or what its stream carries: each turn of a loop gives a stream one value. */
function plainType({ type }: Value) {
  return heldBy("stream", type) ?? heldBy("variable", type) ?? type;
}

function operandsOf({ operands }: Op, { values }: NestScope): Expression[] {
  return operands.map((operand) => values.get(operand) as Expression);
}

// A result is computed where its operation stands: a store behind it may change what it was computed from.
function give(op: Op, value: Expression, { b, values }: NestScope): boolean {
  values.set(op.results[0] as Value, b.local("v", value));
  return true;
}

function arithmetic(op: Op, scope: NestScope): boolean {
  const [result] = op.results;
  const name = op.name === "slc.alu_stream" ? `arith.${String(op.attributes.operator)}` : op.name;
  if (result === undefined || !arithmeticNames.has(name)) return false;
  const operands = operandsOf(op, scope);
  if (operands.some((operand) => operand === undefined)) return false;
  const { predicate } = op.attributes;
  const parts = {
    name: name.slice(name.indexOf(".") + 1),
    type: plainType(result),
    predicate: predicate === undefined ? undefined : Number(predicate),
  };
  const value = arithmeticExpression(scope.b, parts, operands);
  return value !== undefined && give(op, value, scope);
}

function constant(op: Op, scope: NestScope): boolean {
  const [result] = op.results;
  const type = kernelType(result === undefined ? "" : plainType(result));
  const value = Number(op.attributes.value);
  scope.constants.set(result as Value, value);
  if (type !== "i64") return give(op, scope.b.constant(type, type === "bool" ? value !== 0 : value), scope);
  return Number.isSafeInteger(value) && give(op, scope.b.i64(value), scope);
}

function extent(op: Op, scope: NestScope): boolean {
  const [memory, axis] = op.operands;
  const at = scope.values.get(axis as Value);
  const shape = scope.memories.get(memory as Value)?.shape;
  const places = shape?.map((size, place) => [size, place] as const) ?? [];
  const [first, ...others] = places;
  if (at === undefined || first === undefined) return false;
  const { b } = scope;
  const chosen = others.reduce<Expression>(
    (size, [other, place]) => b.select(b.equal(at, b.i64(place)), other, size),
    first[0],
  );
  return give(op, chosen, scope);
}

/** The entry of an element, each index checked on its axis. */
function entry(memory: KernelMemory, indices: readonly Value[], { b, values }: NestScope): Expression {
  let place: Expression = b.i64(0);
  for (const [axis, index] of indices.entries()) {
    const [at, size] = [values.get(index) as Expression, memory.shape[axis] as Expression];
    b.check(b.and(b.lessEqual(b.i64(0), at), b.less(at, size)), "an index lies outside of its memory");
    place = axis === 0 ? at : b.add(b.multiply(place, size), at);
  }
  return place;
}

function load(op: Op, scope: NestScope): boolean {
  const [from, ...indices] = op.operands;
  const memory = scope.memories.get(from as Value);
  const [result] = op.results;
  if (memory === undefined || result === undefined) return false;
  const { b } = scope;
  return give(
    op,
    b.convert(kernelType(plainType(result)), b.load(memory.buffer, entry(memory, indices, scope))),
    scope,
  );
}

function store(op: Op, scope: NestScope): boolean {
  const [value, to, ...indices] = op.operands;
  const memory = scope.memories.get(to as Value);
  const given = scope.values.get(value as Value);
  if (memory === undefined || given === undefined) return false;
  const { b } = scope;
  const { element } = memory.buffer;
  const held = element === "i8" ? "i32" : element === "f16" || element === "bf16" ? "f32" : element;
  b.store(memory.buffer, entry(memory, indices, scope), given.type === held ? given : b.convert(held, given));
  return true;
}

function loop(op: Op, scope: NestScope): boolean {
  const { b, values } = scope;
  const [from, to, by, ...initial] = operandsOf(op, scope) as [Expression, Expression, Expression, ...Expression[]];
  const block = op.regions[0] as Block;
  const [index, ...args] = block.args;
  const carried = args.map((arg, at) => {
    const local = b.declare("carried", kernelType(plainType(arg)));
    b.set(local, initial[at] as Expression);
    values.set(arg, local);
    return local;
  });
  let whole = true;
  const turn = (at: Expression) => {
    values.set(index as Value, at);
    whole &&= statements(block, scope);
    if (whole) handOn(block, carried, scope);
  };
  const step = scope.constants.get(op.operands[2] as Value);
  if (step !== undefined && step >= 1) b.for("i", from, to, turn, { step });
  else {
    b.check(b.less(b.i64(0), by), "the step of a loop is below 1");
    const next = b.local("next", from);
    const body = () => {
      turn(b.local("i", next));
      b.set(next, b.add(next, by));
    };
    b.while(() => b.less(next, to), body);
  }
  for (const [at, result] of op.results.entries()) values.set(result, b.local("v", carried[at] as LocalValue));
  return whole;
}

// All are read before any is set: a loop may swap what it carries.
function handOn(block: Block, carried: readonly LocalValue[], { b, values }: NestScope): void {
  const last = block.ops.at(-1);
  const given = last?.name === "scf.yield" ? last.operands : [];
  const next = given.slice(0, carried.length).map((value) => b.local("next", values.get(value) as Expression));
  for (const [at, value] of next.entries()) b.set(carried[at] as LocalValue, value);
}

function branch(op: Op, scope: NestScope): boolean {
  const { b, values } = scope;
  const condition = values.get(op.operands[0] as Value);
  if (condition?.type !== "bool") return false;
  const results = op.results.map((result) => {
    const local = b.declare("v", kernelType(plainType(result)));
    b.set(local, zeroOf(b, result));
    return local;
  });
  let whole = true;
  const [yes, no] = op.regions.map((region) => () => {
    whole &&= statements(region, scope);
    if (whole) handOn(region, results, scope);
  });
  b.if(condition, yes ?? (() => {}), no);
  for (const [at, result] of op.results.entries()) values.set(result, results[at] as LocalValue);
  return whole;
}

function zeroOf(b: NestBuilder, value: Value): Expression {
  const type = kernelType(plainType(value));
  return b.constant(type, type === "bool" ? false : isFloat(type) ? 0 : 0n);
}

function copy(op: Op, scope: NestScope): boolean {
  const given = scope.values.get(op.operands[0] as Value);
  return given !== undefined && give(op, given, scope);
}

const writers: Readonly<Record<string, Writer>> = {
  "arith.constant": constant,
  "func.return": () => true,
  "memref.dim": extent,
  "memref.load": load,
  "memref.store": store,
  "scf.for": loop,
  "scf.if": branch,
  "scf.yield": () => true,
  "slc.for": loop,
  "slc.callback": (op, scope) => statements(op.regions[0] as Block, scope),
  "slc.mem_stream": load,
  "slc.store_stream": store,
  "slc.to_stream": copy,
  "slc.from_stream": copy,
  "slc.variable": copy,
  "slc.get": copy,
  "slc.set": (op, { b, values }) => {
    const [value, variable] = op.operands.map((operand) => values.get(operand));
    if (value === undefined || variable?.kind !== "local") return false;
    b.set(variable, value);
    return true;
  },
};
