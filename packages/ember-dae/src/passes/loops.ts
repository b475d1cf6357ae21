/** Questions that passes ask about the loops of the access unit. */
import type { Block, Op, Program, Value } from "../ir/op.ts";

/** Whether an operation is a loop of the access unit. */
export function isAccessLoop(op: Op): boolean {
  return op.name === "slc.for" || op.name === "slcv.for";
}

/** The body of a loop. */
export function bodyOf(op: Op): Block {
  return op.regions[0] as Block;
}

/** The only callback of an innermost loop; `undefined` if there are inner loops or several callbacks. */
export function onlyCallback(op: Op): Op | undefined {
  const { ops } = bodyOf(op);
  if (ops.some(isAccessLoop)) return undefined;
  const callbacks = ops.filter(({ name }) => name === "slc.callback");
  return callbacks.length === 1 ? callbacks[0] : undefined;
}

/** Calls `visit` for every loop with the block it stands in, inner loops first. */
export function eachLoop(program: Program, visit: (loop: Op, parent: Block) => void): void {
  const descend = (block: Block): void => {
    for (const op of [...block.ops]) {
      if (!isAccessLoop(op)) continue;
      descend(bodyOf(op));
      visit(op, block);
    }
  };
  descend(program.body);
}

/** The constant that a value of the function is. */
export function constantOf(program: Program, value: Value): number | undefined {
  const op = program.body.ops.find(({ results }) => results[0] === value);
  return op?.name === "arith.constant" ? Number(op.attributes.value) : undefined;
}

/** Replaces an operation of a block by others. */
export function replace(block: Block, old: Op, fresh: readonly Op[]): void {
  block.ops.splice(block.ops.indexOf(old), 1, ...fresh);
}
