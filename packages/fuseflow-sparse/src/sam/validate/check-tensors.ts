import { nearest } from "@millrace/ir-text";
import type { SamBlock, SamEdge } from "../graph.ts";
import { named } from "./check-connections.ts";
import type { GraphFaults } from "./graph-faults.ts";
import { passReferences, type ReferenceTarget } from "./reference-targets.ts";
import type { Wiring } from "./wiring.ts";

/** Checks that blocks name tensors and levels that exist, and that references reach the level they point into. */
export function checkTensors(wiring: Wiring, order: readonly SamBlock[], faults: GraphFaults): void {
  for (const block of wiring.blocks.values()) checkLevel(block, wiring, faults);
  passReferences(wiring, order, (block, target) => {
    checkReach({ block, target, edge: wiring.into.get(`${block.id}.ref`), wiring }, faults);
    return block.type === "scanner" ? block.level : 0;
  });
}

function checkLevel(block: SamBlock, { graph }: Wiring, faults: GraphFaults): void {
  const works = block.type === "scanner" || block.type === "write-level" || block.type === "locate";
  if (!works && block.type !== "array" && block.type !== "write-values") return;
  const tensor = Object.hasOwn(graph.tensors, block.tensor) ? graph.tensors[block.tensor] : undefined;
  if (tensor === undefined) {
    const close = nearest(block.tensor, Object.keys(graph.tensors));
    const help = close === undefined ? undefined : `did you mean '${close}'?`;
    faults.report("tensor-missing", `${named(block)} names tensor '${block.tensor}', which the graph does not have`, {
      block: block.id,
      help,
    });
    return;
  }
  if (!works) return;
  const kind = tensor.levels[block.level];
  const count = tensor.levels.length;
  if (kind === undefined) {
    faults.report(
      "level-missing",
      `${named(block)} works on level ${block.level} of ${block.tensor}, which has ${count}`,
      { block: block.id },
    );
    return;
  }
  const claimed = block.type === "locate" ? "dense" : block.format;
  if (claimed === kind) return;
  const message = `${named(block)} takes level ${block.level} of ${block.tensor} as ${claimed}, but it is ${kind}`;
  faults.report("level-format", message, { block: block.id });
}

interface Reach {
  readonly block: SamBlock;
  readonly target: ReferenceTarget | undefined;
  readonly edge: SamEdge | undefined;
  readonly wiring: Wiring;
}

function checkReach({ block, target, edge, wiring }: Reach, faults: GraphFaults): void {
  if (target === undefined || target.tensor === "" || edge === undefined) return;
  if (block.type !== "scanner" && block.type !== "array") return;
  const last = (wiring.graph.tensors[block.tensor]?.levels.length ?? 0) - 1;
  const wanted = block.type === "array" ? last : block.level - 1;
  if (target.tensor === block.tensor && target.level === wanted) return;
  const into = (level: number): string => (level < 0 ? "the root" : `level ${level}`);
  const found = `${into(target.level)} of ${target.tensor}`;
  const message = `${named(block)} needs references to ${into(wanted)} of ${block.tensor}, but gets references to ${found}`;
  faults.report("tensor-mismatch", message, { edge: edge.id, block: block.id });
}
