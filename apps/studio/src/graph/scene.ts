/** A folded graph with a place for everything: what is painted, and what lies under a point. */
import type { Camera } from "./camera.ts";
import type { ShownGraph } from "./fold.ts";
import { type Layout, layOut } from "./layout/layout.ts";

/** What an edge's width and number say. */
export type Traffic = "tokens" | "bytes" | "none";

/** Causes of time, in the order of the bars. */
export const CAUSES = ["busy", "starved", "blocked"] as const;

/** A graph as it is drawn. */
export interface Scene {
  readonly shown: ShownGraph;
  readonly layout: Layout;
  /** Shares of the run for each node and each cause, three a node; all zero without counters. */
  readonly shares: Float64Array;
  /** The kinds of nodes by the number of their colour. */
  readonly kinds: ReadonlyMap<string, number>;
}

const HEIGHT = 46;
const LETTER = 7.2;

/** Lays a folded graph out. `cycles` is the length of the run; unless given, each node's own causes make the whole. */
export function sceneOf(shown: ShownGraph, cycles: number | undefined): Scene {
  const { nodes, edges } = shown;
  const width = Float64Array.from(nodes, ({ label, size, folded }) => {
    const letters = Math.max(...label.split("\n").map(({ length }) => length)) + (folded ? String(size).length + 3 : 0);
    return Math.min(240, Math.max(84, letters * LETTER + 26));
  });
  const layout = layOut({
    count: nodes.length,
    from: Int32Array.from(edges, ({ from }) => from),
    to: Int32Array.from(edges, ({ to }) => to),
    width,
    height: HEIGHT,
  });
  const kinds = new Map([...new Set(nodes.map(({ kind }) => kind))].sort().map((kind, at) => [kind, at]));
  return { shown, layout, shares: sharesOf(shown, cycles), kinds };
}

function sharesOf({ nodes }: ShownGraph, cycles: number | undefined): Float64Array {
  const shares = new Float64Array(3 * nodes.length);
  for (const [at, { counters, size }] of nodes.entries()) {
    const times = CAUSES.map((cause) => counters[cause] ?? 0);
    const whole = cycles === undefined ? times.reduce((sum, time) => sum + time, 0) : cycles * size;
    if (whole > 0) for (let cause = 0; cause < 3; cause++) shares[3 * at + cause] = times[cause]! / whole;
  }
  return shares;
}

/** The node under a point of the screen, or -1. */
export function nodeAt(
  { layout }: Scene,
  camera: Camera,
  { x, y }: { readonly x: number; readonly y: number },
): number {
  const [across, along] = [camera.left + x / camera.scale, camera.top + y / camera.scale];
  for (let node = layout.width.length - 1; node >= 0; node--) {
    if (
      Math.abs(layout.x[node]! - across) <= layout.width[node]! / 2 &&
      Math.abs(layout.y[node]! - along) <= HEIGHT / 2
    )
      return node;
  }
  return -1;
}
