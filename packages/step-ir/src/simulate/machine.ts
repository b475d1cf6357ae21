/** What the timed nodes of one run share. */
import type { Channel, MemoryPort } from "@millrace/sim-core";
import { StepError } from "../errors.ts";
import type { TensorContents } from "../interpret/process.ts";
import type { TypedNode } from "../program/operator.ts";
import type { Slot } from "../stream/fused-tokens.ts";
import type { Value } from "../stream/value.ts";
import type { Quirks } from "./quirks.ts";
import type { ValuePool } from "./value-pool.ts";

/** Rates of the machine. */
export interface MachineOptions {
  /** Bytes that an on-chip memory unit moves per cycle. Default 64. */
  readonly memoryUnitBytesPerCycle?: number;
  /** Bytes that an f32 takes on the way, off chip and on chip: 2 for tensors that are bf16 there. Default 4. */
  readonly bytesPerF32?: 2 | 4;
  /** Habits of the published simulator; all of them unless given. */
  readonly quirks?: Partial<Quirks>;
}

/** What one run counts besides cycles. */
export interface Tally {
  /** Floating-point operations. */
  flops: number;
  /** For each merge, and each reassemble by arrival, the inputs in the order in which they were served. */
  readonly orders: Map<string, number[]>;
  /** What each output got; in functional mode only. */
  readonly outputs: Map<string, Slot<Value>[]>;
}

/** A node to be made timed: its program side and its channels. */
export interface Site {
  readonly node: TypedNode;
  readonly inputs: readonly Channel[];
  readonly outputs: readonly Channel[];
  readonly pool: ValuePool;
  readonly options: Required<Omit<MachineOptions, "quirks">>;
  readonly quirks: Quirks;
  readonly tally: Tally;
  /** Bytes of a burst of the memory. */
  readonly burstBytes: number;
  /** What the off-chip tensors hold, by name; in functional mode only. */
  readonly tensors: ReadonlyMap<string, TensorContents> | null;
  /** First byte of an off-chip tensor. */
  tensorAddress(name: string): number;
  /** Opens this node's door to the memory. */
  port(access: "read" | "write", burstsPerCycle: number): MemoryPort;
}

/** @throws {StepError} `function-arguments` if the node has a function of the caller's own, whose results only a functional run knows. */
export function expectKnown({ node, pool }: Site): void {
  const given = node.attributes.fn("fn");
  if (pool.functional || typeof given === "string") return;
  const message = `${node.operator} "${node.id}" has a function of its own, '${given.name}': run the program in functional mode`;
  throw new StepError("function-arguments", message, { node: node.id });
}
