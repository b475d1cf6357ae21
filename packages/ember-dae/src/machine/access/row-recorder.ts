/**
 * Records whole rows at once: an innermost loop whose streams go along the last index of their memories, or stay where they
 * are, reads lines that its bounds alone decide. The trace is the one that its turns would have made.
 */
import { type Frame, placeIn, type Slots } from "../../interpret/frame.ts";
import type { Memory } from "../../interpret/memory.ts";
import type { Op, Value } from "../../ir/op.ts";
import { lineBytes } from "./access-trace.ts";
import { type AddressSpace, isLoad, isStore, known, type LineHolder } from "./read-streams.ts";
import type { TurnRecorder } from "./turn-recorder.ts";
import type { UnitNode } from "./unit-tree.ts";

/** Records the turns of one fibre, from `first` up to `end`, each of `step` elements. */
export type RowRecorder = (frame: Frame, first: number, end: number, step: number) => void;

/** A recorder of whole rows, if the streams of a unit are such. */
export function rowRecorder(
  unit: UnitNode,
  { slots, space, recorder }: { slots: Slots; space: AddressSpace; recorder: TurnRecorder },
): RowRecorder | undefined {
  const inner = new Set<Value | undefined>([unit.induction, ...unit.streams.flatMap(({ results }) => results)]);
  if (unit.children.length > 0 || unit.streams.some((op) => !isStore(op) && !alongRow(op, unit, inner)))
    return undefined;
  const streams = unit.streams.filter(isLoad).map((op) => rowStream(op, { unit, slots, space }));
  return (frame, first, end, step) => {
    if (first >= end) return;
    for (const stream of streams) stream.enter(frame);
    for (let i = first; i < end; ) {
      const covered = Math.min(i + step, end);
      let further = Number.POSITIVE_INFINITY;
      for (const stream of streams) further = Math.min(further, stream.read(recorder, i, covered));
      // Turns whose elements are all in lines that are held read no other one.
      const left = Math.ceil((end - i) / step);
      const turns = further >= end - covered ? left : 1 + Math.floor(further / step);
      recorder.turn(turns);
      i += turns * step;
    }
  };
}

// Operands of a load: memory, indices, and the mask of vectors.
function alongRow(op: Op, unit: UnitNode, inner: ReadonlySet<Value | undefined>): boolean {
  if (!isLoad(op)) return false;
  const indices = op.operands.slice(1).filter((operand) => operand !== unit.mask);
  return indices.every((index, at) => !inner.has(index) || (index === unit.induction && at === indices.length - 1));
}

class RowStream {
  readonly #memorySlot: number;
  readonly #indexSlots: readonly number[];
  readonly #along: boolean;
  readonly #indices: number[];
  readonly #holder: LineHolder;
  readonly #base: number;
  readonly #bytes: number;
  #memory: Memory | undefined;
  // Byte of element 0 of the row.
  #row = 0;

  constructor(
    slots: readonly number[],
    along: boolean,
    { base, bytes, holder }: { base: number; bytes: number; holder: LineHolder },
  ) {
    [this.#memorySlot = 0, ...this.#indexSlots] = slots;
    this.#along = along;
    this.#indices = this.#indexSlots.map(() => 0);
    this.#holder = holder;
    this.#base = base;
    this.#bytes = bytes;
  }

  enter(frame: Frame): void {
    const memory = frame[this.#memorySlot] as Memory;
    const last = this.#indexSlots.length - 1;
    for (let i = 0; i <= last; i++) {
      this.#indices[i] = this.#along && i === last ? 0 : known(frame[this.#indexSlots[i]!] as number);
    }
    this.#memory = memory;
    this.#row = this.#base + placeIn(memory, this.#indices) * this.#bytes;
  }

  /** Reads elements from `first` up to `end`; returns how many further elements the line that is held then has. */
  read(recorder: TurnRecorder, first: number, end: number): number {
    const bytes = this.#bytes;
    if (!this.#along) {
      recorder.read(this.#holder, this.#row);
      return Number.POSITIVE_INFINITY;
    }
    // The last element of all is checked, so that a row is inside of its memory.
    this.#indices[this.#indices.length - 1] = end - 1;
    placeIn(this.#memory as Memory, this.#indices);
    const lastByte = this.#row + end * bytes - 1;
    for (let byte = this.#row + first * bytes; ; byte = (this.#holder.line + 1) * lineBytes) {
      recorder.read(this.#holder, byte);
      if ((this.#holder.line + 1) * lineBytes > lastByte) break;
    }
    return Math.floor(((this.#holder.line + 1) * lineBytes - lastByte - 1) / bytes);
  }
}

function rowStream(op: Op, { unit, slots, space }: { unit: UnitNode; slots: Slots; space: AddressSpace }): RowStream {
  const operands = op.operands.filter((operand) => operand !== unit.mask);
  const memory = operands[0] as Value;
  const holder = { number: space.addStream(memory, unit.index), stage: 0, line: -1 };
  const along = operands.at(-1) === unit.induction;
  return new RowStream(
    operands.map((operand) => slots.of(operand)),
    along,
    { base: space.baseOf(memory), bytes: space.elementBytes(memory), holder },
  );
}
