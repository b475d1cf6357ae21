/** Programs of every level: operations with operands, results, attributes and nested blocks, in single assignment. */
import type { IrType } from "./types.ts";

/** A value: the result of one operation, or an argument of one block. Values are equal if they are the same object. */
export class Value {
  readonly type: IrType;

  constructor(type: IrType) {
    this.type = type;
  }
}

/** A constant of an operation. Numbers stand for integers, except under the key `value`, which has the type of the result. */
export type Attribute = number | string | boolean;

/** A list of operations and the values that it is entered with. */
export interface Block {
  readonly args: readonly Value[];
  readonly ops: Op[];
}

/** One operation. Each region is one block. */
export interface Op {
  readonly name: string;
  operands: readonly Value[];
  readonly results: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly regions: readonly Block[];
}

/** A function over memories and numbers: the unit of compilation. */
export interface Program {
  readonly name: string;
  readonly body: Block;
}

/** What an operation has besides its name and operands. */
export interface OpParts {
  readonly results?: readonly IrType[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly regions?: readonly Block[];
}

/** Makes an operation with new results. */
export function makeOp(name: string, operands: readonly Value[], parts: OpParts = {}): Op {
  return {
    name,
    operands,
    results: (parts.results ?? []).map((type) => new Value(type)),
    attributes: parts.attributes ?? {},
    regions: parts.regions ?? [],
  };
}

/** Makes a block with new arguments. */
export function makeBlock(types: readonly IrType[] = []): Block {
  return { args: types.map((type) => new Value(type)), ops: [] };
}

/** Appends an operation with one result to a block and gives the result. */
export function append(
  block: Block,
  name: string,
  operands: readonly Value[],
  parts: OpParts & { type: IrType },
): Value {
  const op = makeOp(name, operands, { ...parts, results: [parts.type] });
  block.ops.push(op);
  return op.results[0] as Value;
}

/** Every operation in a block, outer ones before those within them. */
export function* walk(block: Block): Generator<Op, void, undefined> {
  for (const op of block.ops) {
    yield op;
    for (const region of op.regions) yield* walk(region);
  }
}

/** The operand at a place that a verified program has. */
export function operandAt(op: Op, place: number): Value {
  return op.operands[place] as Value;
}

/** The only result of a verified operation. */
export function resultOf(op: Op): Value {
  return op.results[0] as Value;
}

/** An operation again, with operands found in `map` replaced and new results entered into it; regions are copied. */
export function cloneOp(op: Op, map: Map<Value, Value>): Op {
  const regions = op.regions.map((region) => cloneBlock(region, map));
  const copy = makeOp(
    op.name,
    op.operands.map((operand) => map.get(operand) ?? operand),
    { results: op.results.map(({ type }) => type), attributes: op.attributes, regions },
  );
  for (const [place, result] of op.results.entries()) map.set(result, copy.results[place] as Value);
  return copy;
}

/** A block again, as {@link cloneOp}. */
function cloneBlock(block: Block, map: Map<Value, Value>): Block {
  const copy = makeBlock(block.args.map(({ type }) => type));
  for (const [place, arg] of block.args.entries()) map.set(arg, copy.args[place] as Value);
  for (const op of block.ops) copy.ops.push(cloneOp(op, map));
  return copy;
}

/** A program again, that shares nothing with the first. */
export function cloneProgram(program: Program): Program {
  return { name: program.name, body: cloneBlock(program.body, new Map()) };
}

/** Places of the arguments of a program, of any level, that it stores to. */
export function storedArguments({ body }: Program): number[] {
  const stored = new Set<Value>();
  for (const { name, operands } of walk(body))
    if (/store/.test(name) && operands[1] !== undefined) stored.add(operands[1]);
  return [...body.args.keys()].filter((place) => stored.has(body.args[place] as Value));
}
