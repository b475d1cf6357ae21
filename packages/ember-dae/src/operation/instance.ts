/** An operation together with its operands, as memories in the order of its arguments. */
import { EmberError } from "../errors.ts";
import { type Memory, makeMemory, memoryFrom, valuesOf } from "../interpret/memory.ts";
import type { Fibres } from "./fibres.ts";
import { checkIndices } from "./fibres.ts";
import { accumulatorOf, argumentNames, type Operation } from "./operation.ts";

/** What an operation works on. */
export interface Operands {
  /** Of all kinds but `gather`, which takes `ids`. */
  readonly fibres?: Fibres;
  readonly ids?: Float64Array;
  /** The table that is looked up; `y` of the products of pairs. Rows times elements. */
  readonly table: Memory;
  /** The rows that looked-up rows meet, of the products of pairs. */
  readonly x?: Memory;
}

/** Memories in the order of {@link argumentNames}; the last is the output. */
export interface Instance {
  readonly operation: Operation;
  readonly memories: readonly Memory[];
}

/** Checks operands and makes the memories. @throws {EmberError} `operand-shape`, `index-range` */
export function instantiate(operation: Operation, operands: Operands): Instance {
  const { table, x } = operands;
  const rows = operation.kind === "gather" ? Math.floor(table.shape[0]! / operation.block) : table.shape[0]!;
  const width = table.shape[1]!;
  const idx = operation.kind === "gather" ? operands.ids : operands.fibres?.idx;
  if (idx === undefined) throw new EmberError("operand-shape", `${operation.kind} needs row ids`);
  checkIndices(idx, rows, "indices");
  const type = accumulatorOf(operation);
  const made: Record<string, Memory> = { table, y: table, idx: indexMemory(operation, idx) };
  if (operation.kind === "gather") {
    made.out = makeMemory(operation.table, [idx.length * operation.block, width]);
  } else {
    const { ptr, val } = operands.fibres as Fibres;
    made.ptr = indexMemory(operation, ptr);
    if (val !== undefined) made.val = memoryFrom(type, [val.length], val);
    if (x !== undefined) made.x = x;
    if (operation.kind !== "bag") checkPair(x, { rows: ptr.length - 1, width });
    made.out = makeMemory(type, operation.kind === "sddmm" ? [idx.length] : [ptr.length - 1, width]);
  }
  if (operation.kind === "bag" && operation.reduce !== "add")
    made.out!.array.fill(
      (operation.reduce === "maximum" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) as never,
    );
  const memories = argumentNames(operation).map((name) => {
    const memory = made[name];
    if (memory === undefined) throw new EmberError("operand-shape", `${operation.kind} needs ${name}`);
    return memory;
  });
  return { operation, memories };
}

/** The same operands with an output of their own, as it was at the start. */
export function withFreshOutput({ operation, memories }: Instance): Instance {
  const out = memories[memories.length - 1] as Memory;
  const fresh = memoryFrom(out.element, out.shape, valuesOf(out));
  return { operation, memories: [...memories.slice(0, -1), fresh] };
}

function checkPair(x: Memory | undefined, { rows, width }: { rows: number; width: number }): void {
  const [given, elements] = x?.shape ?? [];
  if (given !== rows || elements !== width)
    throw new EmberError("operand-shape", `rows of ${given} x ${elements} meet rows of ${rows} x ${width}`);
}

function indexMemory({ index }: Operation, values: Float64Array): Memory {
  if (index === "i32" && values.some((value) => value > 0x7fff_ffff))
    throw new EmberError("index-range", "an id does not fit 32 bits");
  return memoryFrom(index, [values.length], values);
}
