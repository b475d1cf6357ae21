/** Runs a program of any level on memories. */
import { EmberError } from "../errors.ts";
import type { Program } from "../ir/op.ts";
import { asMemory } from "../ir/types.ts";
import { compileBlock } from "./compile.ts";
import { type Frame, Slots } from "./frame.ts";
import type { Memory } from "./memory.ts";

/**
 * Runs a program of the SCF, SLC or SLCV level; it writes into the memories that it stores to.
 *
 * @throws {EmberError} `operand-shape` where the memories are not those of the arguments, `memory-range` at the first
 *   access outside a memory, `ir-invalid` for operations that no unit has
 */
export function interpret(program: Program, memories: readonly (Memory | number)[]): void {
  const slots = new Slots();
  const frame = enter(program, memories, slots);
  compileBlock(program.body, slots)(frame);
}

/** A frame with the arguments in place. */
export function enter(program: Program, memories: readonly (Memory | number)[], slots: Slots): Frame {
  const { args } = program.body;
  if (memories.length !== args.length) {
    throw new EmberError("operand-shape", `${program.name} takes ${args.length} memories, not ${memories.length}`);
  }
  const frame: Frame = [];
  for (const [place, arg] of args.entries()) {
    const memory = memories[place] as Memory | number;
    if (typeof memory === "number" && arg.type === "index") {
      frame[slots.of(arg)] = memory;
      continue;
    }
    const wanted = asMemory(arg.type);
    if (
      typeof memory === "number" ||
      wanted === undefined ||
      wanted.rank !== memory.shape.length ||
      wanted.element !== memory.element
    ) {
      const given = typeof memory === "number" ? "a number" : `${memory.shape.join("x")}x${memory.element}`;
      throw new EmberError("operand-shape", `argument ${place} of ${program.name} is ${arg.type}, not ${given}`);
    }
    frame[slots.of(arg)] = memory;
  }
  return frame;
}
