/** An operation with the ids it looks up and the extents of its tables: all that its time depends on. */
import { EmberError } from "../errors.ts";
import { type Memory, memoryFrom } from "../interpret/memory.ts";
import { bytesOf } from "../interpret/queues.ts";
import type { Element } from "../ir/types.ts";
import { checkIndices, type Fibres } from "../operation/fibres.ts";
import { accumulatorOf, argumentNames, type Operation } from "../operation/operation.ts";

/** What is timed. */
export interface Workload {
  readonly operation: Operation;
  /** Of all kinds but `gather`, which takes `ids`. Values are not needed. */
  readonly fibres?: { readonly ptr: Float64Array; readonly idx: Float64Array };
  readonly ids?: Float64Array;
  /** Rows of the table; for `gather`, rows of elements, not blocks. */
  readonly rows: number;
  /** Elements of a row. */
  readonly width: number;
}

/** Bags of a fixed size over a trace; the last may be shorter. */
export function bagsOf(trace: Float64Array, size: number): Fibres {
  const bags = Math.ceil(trace.length / size);
  const ptr = Float64Array.from({ length: bags + 1 }, (_, bag) => Math.min(trace.length, bag * size));
  return { ptr, idx: trace, val: undefined };
}

/** The ids of a workload, in order. @throws {EmberError} `operand-shape` if it has none */
export function lookupsOf({ operation, fibres, ids }: Workload): Float64Array {
  const found = operation.kind === "gather" ? ids : fibres?.idx;
  if (found === undefined) throw new EmberError("operand-shape", `${operation.kind} needs row ids`);
  return found;
}

/** Bytes of a row of the table. */
export function rowBytesOf({ operation, width }: Workload): number {
  return width * bytesOf(operation.table);
}

/**
 * Memories in the order of the operation's arguments. Those of ids have their elements; tables and outputs have extents only.
 *
 * @throws {EmberError} `operand-shape`, `index-range`
 */
export function memoriesOf(workload: Workload): readonly Memory[] {
  const { operation, fibres, rows, width } = workload;
  const idx = lookupsOf(workload);
  checkExtents(workload);
  const block = operation.kind === "gather" ? operation.block : 1;
  checkIndices(idx, Math.floor(rows / block), "ids");
  const bags = fibres === undefined ? 0 : fibres.ptr.length - 1;
  const type = accumulatorOf(operation);
  const outputs: Record<Operation["kind"], Memory> = {
    bag: extents(type, [bags, width]),
    fused: extents(type, [bags, width]),
    sddmm: extents(type, [idx.length]),
    gather: extents(operation.table, [idx.length * block, width]),
  };
  const made: Record<string, Memory> = {
    ptr: memoryFrom(operation.index, [bags + 1], fibres?.ptr ?? [0]),
    idx: memoryFrom(operation.index, [idx.length], idx),
    val: extents(type, [idx.length]),
    x: extents(operation.table, [bags, width]),
    ...{ table: extents(operation.table, [rows, width]), y: extents(operation.table, [rows, width]) },
    out: outputs[operation.kind],
  };
  return argumentNames(operation).map((name) => made[name] as Memory);
}

function checkExtents({ rows, width }: Workload): void {
  for (const [name, extent] of Object.entries({ rows, width })) {
    if (!(Number.isSafeInteger(extent) && extent >= 1)) {
      throw new EmberError("operand-shape", `${name} must be an integer of at least 1, not ${extent}`);
    }
  }
}

// A memory of these extents without elements.
function extents(element: Element, shape: readonly number[]): Memory {
  return { element, shape, array: new Float64Array(0) };
}
