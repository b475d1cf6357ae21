/**
 * Looks coordinates up in dense levels instead of scanning and intersecting these: an intersection with a dense level leaves
 * the other operands' coordinates as they are, so only the references into the dense level are missing.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 6: iterate-locate. Positions are right at every level:
 * parent position * extent + coordinate.
 */
import type { NetBlock, OutPort } from "../region/netlist.ts";
import type { SamBlock } from "../sam/graph.ts";
import { Rewiring, usesOf } from "./rewire.ts";

type Scanner = Extract<SamBlock, { readonly type: "scanner" }>;

/** The blocks with intersections of dense levels turned into look-ups. */
export function locateDense(blocks: readonly NetBlock[]): readonly NetBlock[] {
  const uses = usesOf(blocks);
  const rewiring = new Rewiring();
  const scanners = new Map<string, NetBlock & { readonly block: Scanner }>();
  const kept: NetBlock[] = [];
  for (const entry of blocks) {
    const inputs = rewiring.inputsOf(entry);
    const { block } = entry;
    if (block.type === "scanner" && block.format === "dense" && !block.gallop)
      scanners.set(block.id, { block, inputs });
    if (block.type !== "intersect" || block.gallop) {
      kept.push({ block, inputs });
      continue;
    }
    const operands = Array.from({ length: block.arity }, (_, at) => ({
      at,
      crd: inputs[`crd${at}`]!,
      ref: inputs[`ref${at}`]!,
    }));
    const dense = operands.filter(
      ({ crd, ref }) => scanners.has(crd.block) && (ref.block === crd.block || ref.kind === "crd"),
    );
    const located = dense.length < operands.length ? dense : dense.slice(1);
    if (located.length === 0) {
      kept.push({ block, inputs });
      continue;
    }
    const rest = operands.filter((operand) => !located.includes(operand));
    let crd = restCoordinates(block, rest, { kept, rewiring });
    for (const { at, ref } of located) {
      if (ref.kind === "crd") continue;
      if (!uses.has(`${block.id}.ref${at}`)) continue;
      crd = look({ join: block.id, at, crd }, scanners.get(ref.block)!, { kept, rewiring });
    }
    rewiring.replace(block.id, "crd", crd);
  }
  return kept;
}

interface Work {
  readonly kept: NetBlock[];
  readonly rewiring: Rewiring;
}

interface JoinOperand {
  readonly at: number;
  readonly crd: OutPort;
  readonly ref: OutPort;
}

function restCoordinates(
  block: Extract<SamBlock, { readonly type: "intersect" | "union" }>,
  rest: readonly JoinOperand[],
  { kept, rewiring }: Work,
): OutPort {
  const [only] = rest;
  if (rest.length === 1) {
    rewiring.replace(block.id, `ref${only!.at}`, only!.ref);
    return only!.crd;
  }
  const id = `${block.id}-rest`;
  const entries = rest.flatMap(({ crd, ref }, at) => [
    [`crd${at}`, crd],
    [`ref${at}`, ref],
  ]);
  kept.push({ block: { ...block, id, arity: rest.length }, inputs: Object.fromEntries(entries) });
  for (const [place, { at, ref }] of rest.entries()) {
    rewiring.replace(block.id, `ref${at}`, {
      block: id,
      port: `ref${place}`,
      kind: ref.kind === "val" ? "val" : "ref",
    });
  }
  return { block: id, port: "crd", kind: "crd" };
}

function look(
  { join, at, crd }: { readonly join: string; readonly at: number; readonly crd: OutPort },
  { block: scanner, inputs }: NetBlock & { readonly block: Scanner },
  { kept, rewiring }: Work,
): OutPort {
  const { tensor, level, index } = scanner;
  const id = `locate-${join}-${at}`;
  const parent = level > 0 || !comesFromRoot(inputs.ref!, kept);
  // The look-up passes one more stream along; coordinates will do, whatever the other operands carry.
  const feeds = { crd, ref: crd, ...(parent ? { parent: inputs.ref! } : {}) };
  kept.push({ block: { id, type: "locate", tensor, level, index, parent }, inputs: feeds });
  rewiring.replace(join, `ref${at}`, { block: id, port: "ref0", kind: "ref" });
  return { block: id, port: "crd", kind: "crd" };
}

/** Whether a reference stream is a root, also one that is repeated: its positions are all 0. */
function comesFromRoot(ref: OutPort, blocks: readonly NetBlock[]): boolean {
  const entry = blocks.find(({ block }) => block.id === ref.block);
  if (entry?.block.type === "root") return true;
  return entry?.block.type === "repeat" && entry.inputs.ref !== undefined && comesFromRoot(entry.inputs.ref, blocks);
}
