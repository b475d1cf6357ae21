/** What a program costs on a machine: cycles, and bytes on and off chip. */
import {
  analyze,
  bytesOf,
  evaluate,
  nameOf,
  type Program,
  paretoFrontier,
  type SimulateProgramOptions,
  StepError,
  simulateProgram,
  type TimedResults,
} from "@millrace/step-ir";
import { AsplError } from "../errors.ts";
import type { StreamNumbers } from "../verify/interpret.ts";
import { completeHardware, type Hardware } from "./hardware.ts";
import { type LoweredProgram, lowerToStep, type ToLower } from "./lower-to-step.ts";

/** Costs of one run of a program. */
export interface ProgramCost {
  readonly cycles: number;
  /** Held by operators, by the rules of the paper, and by channels beyond their first two slots. */
  readonly onChipBytes: number;
  /** Of inputs and outputs. */
  readonly offChipBytes: number;
  /** Floating-point operations. */
  readonly flops: number;
}

/** What a timed run gave. */
export interface TimedProgram {
  readonly cost: ProgramCost;
  /** The outputs of the task, as the second engine has them. */
  readonly outputs: readonly StreamNumbers[];
}

/** Slots of a channel that are not counted as memory: the registers between two operators. */
const freeSlots = 2;

/** How often channels are made deeper before a program is given up. */
const mostAttempts = 8;

/**
 * Runs a program in time, with its numbers.
 *
 * @throws {AsplError} `hardware` if it stands still whatever the depth of its channels, or routes what the second engine
 *   does not: a Merge that leaves something that a Partition sent.
 */
export function timeProgram(what: ToLower, hardware: Hardware = {}): TimedProgram {
  try {
    return timed(what, completeHardware(hardware));
  } catch (cause) {
    if (!(cause instanceof StepError)) throw cause;
    throw new AsplError("hardware", `a program for '${what.task.id}' cannot be timed: ${cause.message}`, { cause });
  }
}

function timed(what: ToLower, machine: Required<Hardware>): TimedProgram {
  const lowered = lowerToStep(what, machine);
  const results = runUntilFree(lowered, machine.depth);
  const { onChipBytes, offChipBytes } = analyze(lowered.program);
  const cost = {
    cycles: results.report.cycles,
    onChipBytes: evaluate(onChipBytes, results.measured) + queueBytes(lowered.program, results),
    offChipBytes: evaluate(offChipBytes, results.measured),
    flops: results.flops,
  };
  return { cost, outputs: lowered.outputs(results.tensors!) };
}

/** Two paths that meet again, of which one waits for a whole group, need room for that group on the other. */
function runUntilFree({ program, tensors, sources }: LoweredProgram, depth: number): TimedResults {
  let depths: Record<string, number> = {};
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const options: SimulateProgramOptions = { mode: "functional", depth, depths };
    const results = simulateProgram(program, { tensors, sources }, options);
    const { deadlock } = results.report;
    if (deadlock === null) return results;
    if (deadlock.capacity === null) break;
    const writers = deadlock.channels.map((channel) => channel.replace(/:[0-9]+$/, ""));
    const deeper = writers.map((writer) => [writer, Math.max(depths[writer] ?? 0, deadlock.capacity!)] as const);
    depths = { ...depths, ...Object.fromEntries(deeper) };
  }
  throw new AsplError("hardware", `program '${program.name}' stands still, whatever the depth of its channels`);
}

/** Bytes of the most that each channel held, beyond the slots that cost nothing. */
function queueBytes(program: Program, { report }: TimedResults): number {
  const streams = new Map(program.nodes.flatMap(({ outputs }) => outputs.map((one) => [nameOf(one), one] as const)));
  let bytes = 0;
  for (const { id, highWater } of report.channels) {
    if (highWater <= freeSlots) continue;
    // A copy of a stream, which only the machine has, is named after the stream: `x.copies:1`, `x.copies.0:1`.
    const [, copied, port] = /^(.*)\.copies(?:\.([0-9]+))?(?::[0-9]+)?$/.exec(id) ?? [];
    const stream = streams.get(id) ?? streams.get(port === undefined ? `${copied}` : `${copied}:${port}`);
    if (stream === undefined) continue;
    bytes += (highWater - freeSlots) * evaluate(bytesOf(program.typeOf(stream).element), new Map());
  }
  return bytes;
}

/** The programs that no other one beats in both cycles and on-chip bytes, by rising cycles. */
export function frontierOf<P extends { readonly cost: ProgramCost }>(programs: readonly P[]): readonly P[] {
  const designs = programs.map((one) => ({ cycles: one.cost.cycles, bytes: one.cost.onChipBytes, one }));
  return paretoFrontier(designs).map(({ one }) => one);
}
