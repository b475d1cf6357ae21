/** Takes operands out of joins that are there twice, and joins of one operand or of streams in step out of the graph. */
import type { NetBlock, OutPort } from "../region/netlist.ts";
import type { SamBlock } from "../sam/graph.ts";
import { Rewiring, samePort } from "./rewire.ts";

type JoinBlock = Extract<SamBlock, { readonly type: "intersect" | "union" }>;

/** The blocks with every join reduced to operands that differ. */
export function joinDuplicates(blocks: readonly NetBlock[]): readonly NetBlock[] {
  const rewiring = new Rewiring();
  const kept: NetBlock[] = [];
  for (const entry of blocks) {
    const inputs = rewiring.inputsOf(entry);
    const { block } = entry;
    const isJoin = block.type === "intersect" || block.type === "union";
    const rest = isJoin ? reduced(block, inputs, rewiring) : { block, inputs };
    if (rest !== null) kept.push(rest);
  }
  return kept;
}

/** The join with the operands that differ, or null if nothing is left to join. */
function reduced(block: JoinBlock, inputs: Record<string, OutPort>, rewiring: Rewiring): NetBlock | null {
  const operands = Array.from({ length: block.arity }, (_, at) => ({
    crd: inputs[`crd${at}`]!,
    ref: inputs[`ref${at}`]!,
  }));
  if (operands.every(({ crd }) => samePort(crd, operands[0]?.crd))) {
    rewiring.replace(block.id, "crd", operands[0]!.crd);
    for (const [at, { ref }] of operands.entries()) rewiring.replace(block.id, `ref${at}`, ref);
    return null;
  }
  const distinct: { crd: OutPort; ref: OutPort }[] = [];
  for (const [at, operand] of operands.entries()) {
    const same = distinct.findIndex(({ crd, ref }) => samePort(crd, operand.crd) && samePort(ref, operand.ref));
    const place = same >= 0 ? same : distinct.push(operand) - 1;
    if (place !== at) rewiring.replace(block.id, `ref${at}`, { ...operand.ref, block: block.id, port: `ref${place}` });
  }
  if (distinct.length === operands.length) return { block, inputs };
  const entries = distinct.flatMap(({ crd, ref }, at) => [
    [`crd${at}`, crd],
    [`ref${at}`, ref],
  ]);
  return { block: { ...block, arity: distinct.length }, inputs: Object.fromEntries(entries) };
}
