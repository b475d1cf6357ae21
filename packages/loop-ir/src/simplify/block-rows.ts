/**
 * Keeps rows that are added up in registers. Where a loop adds to one row of a buffer again and again,
 *
 *     for p …: for k in 0 .. n: out[row + k] = out[row + k] + e(p, k)
 *
 * a block of the row is taken at a time, all of the outer loop is run for it, and the block is stored once. Each element
 * is added up as before, in the same order. If the row is filled with a constant just before, the block begins with that;
 * otherwise it is loaded, and only where the outer loop has an iteration. Steps are counted once for each block.
 */
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import { elementBytes, type LaneType, type VectorType } from "../nest/types.ts";
import { mapBodies, mapExpressions, rewrite } from "../nest/walk.ts";
import { isPrivate } from "./private-locals.ts";
import { type RowSum, rowFill, rowSum } from "./row-sum.ts";
import { vectorBody } from "./vector-body.ts";
import { wholeVectors } from "./vectorize.ts";

/** How rows are blocked. */
export interface BlockOptions {
  /** Bytes of one vector, 64 unless given; vectors that are kept at once, a power of two; unless given 8, or 4 where loops lie between. */
  readonly vectorBytes?: 16 | 32 | 64;
  readonly accumulators?: number;
}

type For = Extract<Statement, { kind: "for" }>;

/** The nest with its row sums blocked. */
export function blockRows(nest: Nest, options: BlockOptions = {}): Nest {
  const locals = [...nest.locals];
  const block = (body: readonly Statement[]): Statement[] => {
    const made: Statement[] = [];
    for (const statement of body) {
      const blocked = statement.kind === "for" ? blockedLoop(statement, made, { nest, locals, options }) : undefined;
      if (blocked === undefined) made.push(mapBodies(statement, block));
      else {
        if (blocked.filled !== undefined) made.splice(made.indexOf(blocked.filled), 1);
        made.push(...blocked.statements);
      }
    }
    return made;
  };
  const body = block(nest.body);
  return { ...nest, locals, body };
}

interface Context {
  readonly nest: Nest;
  readonly locals: LocalDeclaration[];
  readonly options: BlockOptions;
}

interface Blocked {
  readonly statements: readonly Statement[];
  /** The filling before, which takes place here. */
  readonly filled: Statement | undefined;
}

function blockedLoop(outer: For, before: readonly Statement[], context: Context): Blocked | undefined {
  const { nest, locals, options } = context;
  const sum = rowSum(nest, outer);
  if (sum === undefined || !isPrivate(nest, outer)) return undefined;
  const fill = rowFill(before, sum);
  // Without a filling the row may only be touched where the loop would have: in a loop directly around the sum.
  if (fill === undefined && !outer.body.includes(sum.loop)) return undefined;
  const lane = nest.buffers[sum.store.buffer]!.element as LaneType;
  const type: VectorType = { lane, lanes: (options.vectorBytes ?? 64) / elementBytes(lane) };
  const count = locals.length;
  const writer = new BlockWriter({ nest, locals, outer, sum, type, start: fill?.value });
  // Loops in between have vectors of their own to keep.
  const most = options.accumulators ?? (outer.body.includes(sum.loop) ? 8 : 4);
  const parts = blockWidths(most).map((width) => writer.blocks(width));
  if (parts.some((part) => part === undefined)) {
    locals.length = count;
    return undefined;
  }
  const statements = [...parts.flatMap((part) => part!), ...writer.rest(fill)];
  if (fill !== undefined) return { statements, filled: fill.loop };
  return { statements: [whereItRuns(outer, statements)], filled: undefined };
}

/** Vectors of the blocks that are tried one after the other: what half as many can take is not left to single ones. */
function blockWidths(most: number): number[] {
  const widths = most > 1 ? [most] : [];
  for (let width = most >> 1; width >= 4; width >>= 1) widths.push(width);
  return [...widths, 1];
}

function whereItRuns({ from, to }: For, whenTrue: readonly Statement[]): Statement {
  return { kind: "if", condition: compared("less", from, to), whenTrue, whenFalse: [] };
}

interface BlockParts {
  readonly nest: Nest;
  readonly locals: LocalDeclaration[];
  readonly outer: For;
  readonly sum: RowSum;
  readonly type: VectorType;
  /** What each element begins with; it is loaded if there is nothing. */
  readonly start: Expression | undefined;
}

class BlockWriter {
  readonly #parts: BlockParts;
  #from: Expression;

  constructor(parts: BlockParts) {
    this.#parts = parts;
    this.#from = parts.sum.loop.from;
  }

  /** Blocks of so many vectors, from where the blocks before ended; undefined if the sum has no vector form. */
  blocks(accumulators: number): Statement[] | undefined {
    const { outer, sum, type, start } = this.#parts;
    const { loop, store } = sum;
    const index = loop.from.type as "i32" | "i64";
    const step = accumulators * type.lanes;
    const whole = this.#local("whole", index);
    const setWhole: Statement = { kind: "set", local: whole, value: wholeVectors(this.#from, loop.to, step) };
    const place = this.#local("block", index);
    const at = (vector: number): Expression => offset(local(place, index), vector * type.lanes);
    const sums = Array.from({ length: accumulators }, () => this.#local("sums", type));
    const body = this.#vectors(sums, at);
    if (body === undefined) return undefined;
    const element = (vector: number): Expression => replaced(store.index, loop.local, at(vector));
    const loads = sums.map((each, vector): Statement => {
      const splat: Expression | undefined = start && { kind: "splat", type, operand: start };
      const value: Expression = splat ?? { kind: "load", type, buffer: store.buffer, index: element(vector) };
      return { kind: "set", local: each, value };
    });
    const stores = sums.map((each, vector): Statement => {
      return { kind: "store", buffer: store.buffer, index: element(vector), value: local(each, type) };
    });
    const inside = mapLoop(outer, loop, body);
    const from = this.#from;
    this.#from = local(whole, index);
    return [setWhole, { kind: "for", local: place, from, to: this.#from, step, body: [...loads, inside, ...stores] }];
  }

  /** The elements that fill no vector, as they were. */
  rest(fill: { readonly loop: For } | undefined): Statement[] {
    const { outer, sum } = this.#parts;
    const { loop } = sum;
    const from = this.#from;
    const inside = mapLoop(outer, loop, [{ ...loop, from }]);
    const statements = fill === undefined ? [inside] : [{ ...fill.loop, from }, inside];
    return [{ kind: "if", condition: compared("less", from, loop.to), whenTrue: statements, whenFalse: [] }];
  }

  /** What takes the place of the innermost loop: each vector of the block added to. */
  #vectors(sums: readonly number[], at: (vector: number) => Expression): Statement[] | undefined {
    const { nest, locals, sum, type } = this.#parts;
    const made = vectorBody({ nest, locals, loop: sum.loop, type, reassociate: false });
    if (made === undefined || made.after.length > 0) return undefined;
    const kept = { buffer: sum.store.buffer, type };
    return [
      ...made.before,
      ...sums.flatMap((each, vector) =>
        made.body.map((statement) => this.#added(statement, { ...kept, each, index: at(vector) })),
      ),
    ];
  }

  #added(
    statement: Statement,
    at: { readonly buffer: number; readonly type: VectorType; readonly each: number; readonly index: Expression },
  ): Statement {
    const { buffer, type, each, index } = at;
    const { loop } = this.#parts.sum;
    const change = (expression: Expression): Expression =>
      rewrite(expression, (part) => {
        if (part.kind === "load" && part.buffer === buffer) return local(each, type);
        return part.kind === "local" && part.local === loop.local ? index : part;
      });
    if (statement.kind === "store") return { kind: "set", local: each, value: change(statement.value) };
    return mapExpressions(statement, change);
  }

  #local(name: string, type: LocalDeclaration["type"]): number {
    return this.#parts.locals.push({ name, type }) - 1;
  }
}

/** A statement with one loop inside it replaced. */
function mapLoop(statement: Statement, loop: For, by: readonly Statement[]): Statement {
  return mapBodies(statement, (body) => body.flatMap((each) => (each === loop ? by : [mapLoop(each, loop, by)])));
}

function local(place: number, type: VectorType | "i32" | "i64"): Expression {
  return { kind: "local", type, local: place };
}

function offset(index: Expression, by: number): Expression {
  if (by === 0) return index;
  const type = index.type as "i32" | "i64";
  const right: Expression = { kind: "constant", type, value: type === "i64" ? BigInt(by) : by };
  return { kind: "binary", type, operator: "add", left: index, right };
}

function replaced(index: Expression, variable: number, by: Expression): Expression {
  return rewrite(index, (each) => (each.kind === "local" && each.local === variable ? by : each));
}

function compared(operator: "less", left: Expression, right: Expression): Expression {
  return { kind: "compare", type: "bool", operator, left, right };
}
