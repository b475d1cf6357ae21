/** What a configured unit does: the program of the DLC level that it was made from, without layers and storage. */
import type { Block, Op, Program, Value } from "../ir/op.ts";
import { resultOf } from "../ir/op.ts";
import { asVector, heldBy } from "../ir/types.ts";
import { type DlcOptions, interpretDlc } from "./interpret-dlc.ts";
import type { Memory } from "./memory.ts";
import type { QueueTraffic } from "./queues.ts";

const plain: Readonly<Record<string, readonly [scalar: string, vector: string]>> = {
  "tmu.set_dns_tu": ["dlc.tu", "dlc.tu"],
  "tmu.set_rng_tu": ["dlc.tu", "dlc.tu"],
  "tmu.set_ite_str": ["dlc.induction", "dlc.induction"],
  "tmu.set_msk_str": ["dlc.mask", "dlc.mask"],
  "tmu.set_mem_str": ["slc.mem_stream", "slcv.mem_stream"],
  "tmu.set_alu_str": ["slc.alu_stream", "slcv.alu_stream"],
  "tmu.set_store_str": ["slc.store_stream", "slcv.store_stream"],
  "tmu.set_operand": ["dlc.push", "dlc.push"],
  "tmu.set_control_token": ["dlc.token", "dlc.token"],
};

/** Names of everything that configures a unit. */
export const tmuNames: ReadonlySet<string> = new Set([
  ...Object.keys(plain),
  ...["tmu.set_fwd_str", "tmu.set_single_layer", "tmu.set_bcast_layer", "tmu.set_lockstep_layer"],
]);

/** The program of the DLC level that a configured unit carries out: what it means, without layers and storage. */
export function tmuToDlc(program: Program): Program {
  const ops = program.body.ops.map((op): Op => {
    if (op.name === "tmu.execute") return { ...op, name: "dlc.execute" };
    if (op.name !== "tmu.configure") return op;
    const forwarded = new Map<Value, Value>();
    const inner = (op.regions[0] as Block).ops.flatMap((part): Op[] => {
      const operands = part.operands.map((operand) => forwarded.get(operand) ?? operand);
      if (part.name === "tmu.set_fwd_str") forwarded.set(resultOf(part), operands[0] as Value);
      const vector = [...part.operands, ...part.results].some(({ type }) => asVector(heldBy("stream", type) ?? type));
      const name = plain[part.name]?.[vector ? 1 : 0];
      return name === undefined ? [] : [{ ...part, name, operands }];
    });
    return { ...op, name: "dlc.access", attributes: {}, regions: [{ args: [], ops: inner }] };
  });
  return { name: program.name, body: { args: program.body.args, ops } };
}

/** Runs a program of the TMU level, as {@link interpretDlc} runs one of DLC. @throws {EmberError} as that does */
export function interpretTmu(
  program: Program,
  memories: readonly (Memory | number)[],
  options: DlcOptions = {},
): QueueTraffic {
  return interpretDlc(tmuToDlc(program), memories, options);
}
