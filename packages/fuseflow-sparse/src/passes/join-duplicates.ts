/** Takes operands out of joins that are there twice, and joins of one operand or of streams in step out of the graph. */
import type { NetBlock, OutPort } from "../region/netlist.ts";
import type { SamBlock } from "../sam/graph.ts";
import { Rewiring, samePort } from "./rewire.ts";

type JoinBlock = Extract<SamBlock, { readonly type: "intersect" | "union" }>;

/** The blocks with every join reduced to operands that differ. */
export function joinDuplicates(blocks: readonly NetBlock[]): readonly NetBlock[] {
  const rewiring = new Rewiring();
  const joins = new Map<string, NetBlock>();
  const kept: NetBlock[] = [];
  for (const entry of blocks) {
    const inputs = rewiring.inputsOf(entry);
    const { block } = entry;
    const isJoin = block.type === "intersect" || block.type === "union";
    if (!isJoin) {
      kept.push({ block, inputs });
      continue;
    }
    if (absorbed(block, inputs, { joins, rewiring })) continue;
    const rest = reduced(block, inputs, rewiring);
    if (rest === null) continue;
    joins.set(block.id, rest);
    kept.push(rest);
  }
  return kept;
}

interface Work {
  /** Joins kept so far, by id. */
  readonly joins: ReadonlyMap<string, NetBlock>;
  readonly rewiring: Rewiring;
}

/** Whether one operand is a join of the same kind of all the others, which then is the result: a or (a or b) is a or b. */
function absorbed(block: JoinBlock, inputs: Record<string, OutPort>, { joins, rewiring }: Work): boolean {
  const operands = operandsOf(block, inputs);
  for (const whole of operands) {
    const inner = joins.get(whole.crd.block);
    if (inner?.block.type !== block.type || whole.crd.port !== "crd") continue;
    const parts = operandsOf(inner.block, inner.inputs);
    const refs = operands.map(({ crd, ref }): OutPort | null => {
      if (samePort(crd, whole.crd)) return ref;
      const at = parts.findIndex((part) => samePort(part.crd, crd) && samePort(part.ref, ref));
      return at < 0 ? null : { ...ref, block: inner.block.id, port: `ref${at}` };
    });
    if (refs.includes(null)) continue;
    rewiring.replace(block.id, "crd", whole.crd);
    for (const [at, ref] of refs.entries()) rewiring.replace(block.id, `ref${at}`, ref!);
    return true;
  }
  return false;
}

function operandsOf(
  { arity }: JoinBlock,
  inputs: Readonly<Record<string, OutPort>>,
): readonly { readonly crd: OutPort; readonly ref: OutPort }[] {
  return Array.from({ length: arity }, (_, at) => ({ crd: inputs[`crd${at}`]!, ref: inputs[`ref${at}`]! }));
}

/** The join with the operands that differ, or null if nothing is left to join. */
function reduced(block: JoinBlock, inputs: Record<string, OutPort>, rewiring: Rewiring): NetBlock | null {
  const operands = operandsOf(block, inputs);
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
