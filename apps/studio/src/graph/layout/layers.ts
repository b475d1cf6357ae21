/** Layers: every edge goes down, except those that close a cycle. */

/** Edges by the places of their nodes. */
export interface Links {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The layer of each node, from 0 at the top, and which edges go up. */
export interface Layers {
  readonly layer: Int32Array;
  readonly upward: Uint8Array;
}

/** Edges by the node that they leave, in their own order. */
function outgoing({ count, from }: Links): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (let edge = 0; edge < from.length; edge++) lists[from[edge]!]!.push(edge);
  return lists;
}

/** Layers by the longest way from above; nodes without producers sit right above their first consumer. */
export function layersOf(links: Links): Layers {
  const { count, from, to } = links;
  const leaving = outgoing(links);
  const upward = closingEdges(links, leaving);
  const waiting = new Int32Array(count);
  const down = (edge: number) => !upward[edge] && from[edge] !== to[edge];
  for (let edge = 0; edge < from.length; edge++) {
    if (from[edge] === to[edge]) continue;
    waiting[upward[edge] ? from[edge]! : to[edge]!]! += 1;
  }
  // An upward edge is laid out from its end to its beginning.
  const below: number[][] = Array.from({ length: count }, () => []);
  for (let edge = 0; edge < from.length; edge++) {
    if (from[edge] === to[edge]) continue;
    if (down(edge)) below[from[edge]!]!.push(to[edge]!);
    else below[to[edge]!]!.push(from[edge]!);
  }
  const layer = new Int32Array(count);
  const ready: number[] = [];
  const sources: number[] = [];
  for (let node = 0; node < count; node++) if (waiting[node] === 0) ready.push(node);
  sources.push(...ready);
  for (let at = 0; at < ready.length; at++) {
    const node = ready[at]!;
    for (const next of below[node]!) {
      layer[next] = Math.max(layer[next]!, layer[node]! + 1);
      waiting[next]! -= 1;
      if (waiting[next] === 0) ready.push(next);
    }
  }
  for (const node of sources) {
    const nearest = below[node]!.reduce((least, next) => Math.min(least, layer[next]!), Number.POSITIVE_INFINITY);
    if (Number.isFinite(nearest)) layer[node] = nearest - 1;
  }
  return { layer, upward };
}

// Depth first without recursion: an edge to a node that is still open closes a cycle.
function closingEdges({ count, to }: Links, leaving: readonly (readonly number[])[]): Uint8Array {
  const closing = new Uint8Array(to.length);
  const state = new Uint8Array(count);
  const place = new Int32Array(count);
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue;
    const stack = [start];
    state[start] = 1;
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      const edge = leaving[node]![place[node]!];
      if (edge === undefined) {
        state[node] = 2;
        stack.pop();
        continue;
      }
      place[node]! += 1;
      const next = to[edge]!;
      if (state[next] === 1 && next !== node) closing[edge] = 1;
      else if (state[next] === 0) {
        state[next] = 1;
        stack.push(next);
      }
    }
  }
  return closing;
}
