import type { FaultReason, Nest } from "../nest/nest.ts";
import { guardAccesses } from "../simplify/guard.ts";
import { simplify } from "../simplify/simplify.ts";
import { ByteWriter, section, valueType, type WasmType } from "./encode.ts";
import { FunctionWriter } from "./function-writer.ts";
import { op } from "./opcodes.ts";
import { emitBlock } from "./statements.ts";

/** How a nest is made into a module. */
export interface WasmOptions {
  /**
   * Whether each access is checked unless it can be shown to stay inside its buffer. True unless given; without checks a
   * wrong index reads or writes other data in the same memory.
   */
  readonly checked?: boolean;
  /** Whether the passes of {@link simplify} are applied first. True unless given. */
  readonly simplified?: boolean;
  /** Whether sums of floats may be added up in another order. False unless given. */
  readonly fast?: boolean;
}

/** Vectors of 64 bytes that are kept at once: machines have at least 16 registers of 16 bytes. */
const accumulators = 2;

/** A module and what its results mean. */
export interface WasmModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The function `run` returns 0, or 1 + the place here of why it ended early. */
  readonly faults: readonly FaultReason[];
}

/** Closes a queue of units: the counter is larger than any number of units. */
export const closedQueue = 0x70000000;

/**
 * A nest as a WebAssembly module. It imports its memory as `m.m` and exports
 * `run(queue, to, units, worker, address and length of each buffer, scalars)`, which takes numbers of units from the i32 at
 * the address `queue`, atomically, and runs them until they reach `to`. A unit that cannot go on closes the queue, writes
 * its number after it, and gives the reason.
 */
export function emitWasm(nest: Nest, options: WasmOptions = {}): WasmModule {
  const { simplified = true, fast = false } = options;
  const plain = simplified ? simplify(nest, { reassociate: fast, accumulators }) : nest;
  const guarded = guardAccesses(plain, { bounds: options.checked ?? true });
  const faults: FaultReason[] = [];
  const unit = new FunctionWriter(guarded);
  emitBlock(unit, guarded.body, faults);
  unit.constant(0).instruction(op.end);
  const own = unit.parameters.slice(1);
  const types = new ByteWriter().unsigned(2);
  functionType(types, unit.parameters);
  functionType(types, ["i32", "i32", ...own]);
  const imports = new ByteWriter().unsigned(1).name("m").name("m").byte(2);
  imports.byte(3).unsigned(1).unsigned(65536);
  const bytes = new ByteWriter()
    .byte(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    .section(section.type, types)
    .section(section.import, imports)
    .section(section.function, new ByteWriter().unsigned(2).unsigned(0).unsigned(1))
    .section(section.export, new ByteWriter().unsigned(1).name("run").byte(0).unsigned(1))
    .section(section.code, new ByteWriter().unsigned(2).sized(unit.finish()).sized(queueLoop(own.length)));
  return { bytes: bytes.finish(), faults };
}

function functionType(writer: ByteWriter, parameters: readonly WasmType[]): void {
  writer.byte(0x60).unsigned(parameters.length);
  for (const parameter of parameters) writer.byte(valueType[parameter]);
  writer.unsigned(1).byte(valueType.i32);
}

/** The body of `run`: parameters queue, to, then those of a unit but for its number; variables unit and reason. */
function queueLoop(own: number): ByteWriter {
  const [queue, to, unit, reason] = [0, 1, 2 + own, 3 + own];
  const writer = new ByteWriter().unsigned(1).unsigned(2).byte(valueType.i32);
  const get = (variable: number) => writer.byte(op.localGet).unsigned(variable);
  writer.byte(op.loop, op.emptyBlock);
  get(queue).byte(op.i32Const, 1, op.atomic, 0x1e, 2, 0, op.localTee).unsigned(unit);
  get(to).byte(op.i32GeU, op.if, op.emptyBlock, op.i32Const, 0, op.return, op.end);
  get(unit);
  for (let place = 0; place < own; place++) get(2 + place);
  writer.byte(op.call, 0, op.localTee).unsigned(reason).byte(op.i32Eqz, op.brIf, 0, op.end);
  get(queue);
  get(unit).byte(op.atomic, 0x17, 2, 4);
  get(queue).byte(op.i32Const).signed(closedQueue).byte(op.atomic, 0x17, 2, 0);
  get(reason).byte(op.end);
  return writer;
}
