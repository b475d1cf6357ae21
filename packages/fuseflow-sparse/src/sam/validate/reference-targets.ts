import type { SamBlock } from "../graph.ts";
import type { Wiring } from "./wiring.ts";

/** Level of a tensor that a stream of references points into; -1 is the root. */
export interface ReferenceTarget {
  readonly tensor: string;
  readonly level: number;
}

/**
 * Follows references from the roots on, through joins, repeats and routing. `visit` is called for every block, producers first,
 * with what the references at its port `ref` point into (undefined where that is not known); for a scanner it returns the level
 * that its own references then point into.
 */
export function passReferences(
  wiring: Wiring,
  order: readonly SamBlock[],
  visit: (block: SamBlock, target: ReferenceTarget | undefined) => number,
): void {
  const targets = new Map<string, ReferenceTarget>();
  for (const block of order) {
    const target = (port: string): ReferenceTarget | undefined => {
      const edge = wiring.into.get(`${block.id}.${port}`);
      return edge === undefined || edge.kind !== "ref"
        ? undefined
        : targets.get(`${edge.from.block}.${edge.from.port}`);
    };
    const level = visit(block, target("ref"));
    for (const [port, made] of madeTargets(block, { target, level })) {
      if (made !== undefined) targets.set(`${block.id}.${port}`, made);
    }
  }
}

type Targets = readonly (readonly [port: string, made: ReferenceTarget | undefined])[];

interface Given {
  readonly target: (port: string) => ReferenceTarget | undefined;
  readonly level: number;
}

function madeTargets(block: SamBlock, { target, level }: Given): Targets {
  switch (block.type) {
    case "root":
      return [["ref", { tensor: block.tensor, level: -1 }]];
    case "scanner":
      return [["ref", { tensor: block.tensor, level }]];
    case "locate":
      // One located reference may address several tensors of the same extent.
      return [["ref1", target("ref")]];
    case "repeat":
    case "mask":
      return [["ref", target("ref")]];
    case "intersect":
    case "union":
      return Array.from({ length: block.arity }, (_, k) => [`ref${k}`, target(`ref${k}`)] as const);
    case "broadcast":
    case "fork":
      return Array.from({ length: block.ways }, (_, k) => [`out${k}`, target("in")] as const);
    case "join":
      return [["out", target("in0")]];
    case "stop-drop":
    case "empty-fiber-drop":
      return [["out", target("in")]];
    default:
      return [];
  }
}
