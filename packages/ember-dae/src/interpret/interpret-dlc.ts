/** Runs programs of the DLC level: the access unit fills queues, the execute unit empties them. */
import { EmberError } from "../errors.ts";
import type { Block, Op, Program } from "../ir/op.ts";
import { compileAccess } from "./access-unit.ts";
import { type Compiler, compileBlock } from "./compile.ts";
import { type Frame, Slots, type Step } from "./frame.ts";
import { enter } from "./interpret.ts";
import type { Memory } from "./memory.ts";
import { Queues, type QueueTraffic } from "./queues.ts";

/** How a decoupled program is run. */
export interface DlcOptions {
  /** Most data entries that wait in the queue, at least what one token needs; 4096 unless given. */
  readonly chunk?: number;
}

/**
 * Runs a program of the DLC level and counts what went through the queues.
 *
 * @throws {EmberError} `queue` where pops do not match pushes or a chunk is too small; otherwise as {@link interpret}
 */
export function interpretDlc(
  program: Program,
  memories: readonly (Memory | number)[],
  options: DlcOptions = {},
): QueueTraffic {
  const slots = new Slots();
  const frame = enter(program, memories, slots);
  const total = { tokens: 0, scalars: 0, vectors: 0, bytes: 0 };
  let cases: Step[] = [];
  const drain = () => {
    for (const id of queues.takeTokens()) {
      const entry = cases[id];
      if (entry === undefined) throw new EmberError("queue", `no case takes token ${id}`);
      entry(frame);
    }
    queues.compact();
  };
  let queues = new Queues(options.chunk ?? 4096, drain);
  const pop: Compiler = (op, used) => {
    const [to, type] = [used.result(op), op.results[0]?.type ?? ""];
    return (at: Frame) => {
      at[to] = queues.pop(type);
    };
  };
  let access: Step | undefined;
  for (const op of program.body.ops) {
    if (op.name === "dlc.access") access = compileLater(op, slots, () => queues);
    else if (op.name === "dlc.execute") {
      cases = op.regions.map((region) => compileBlock(region, slots, { "dlc.pop": pop }));
      access?.(frame);
      const traffic = queues.finish();
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += traffic[key];
      queues = new Queues(options.chunk ?? 4096, drain);
    } else compileBlock({ args: [], ops: [op] }, slots)(frame);
  }
  return total;
}

function compileLater(op: Op, slots: Slots, queues: () => Queues): Step {
  return compileAccess(op.regions[0] as Block, slots, queues());
}
