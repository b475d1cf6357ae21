/** How far lowering has walked into a node of a fused expression. */
import type { LoopMember, PendingJoin } from "./loop-join.ts";
import type { Netlist, OutPort, StoredTensor } from "./netlist.ts";
import type { TileScope } from "./tile-scope.ts";

/** A loop that is open: its coordinates, once all joins are made. */
export interface OpenLoop {
  readonly variable: string;
  readonly crd: OutPort;
  readonly complete: boolean;
  readonly nonempty: boolean;
}

/**
 * The lowering of one node. For each loop of the consumer, outermost first: `advance` if the node has the loop's variable,
 * then, with the joined coordinates, `settle`; `repeat` if it does not. After its last variable, `value` gives its values.
 */
export interface Cursor {
  /** Variables of the node, in loop order. */
  readonly variables: readonly string[];
  advance(variable: string): PendingJoin;
  settle(loop: OpenLoop): void;
  repeat(loop: OpenLoop): void;
  value(): OutPort;
}

/** What all cursors of a region share. */
export interface LoweringScope {
  readonly netlist: Netlist;
  /** All variables, outermost loop first. */
  readonly order: readonly string[];
  readonly extents: ReadonlyMap<string, number>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** When scalar reductions are told by coordinates which fibres there are. */
  readonly guides: "never" | "needed" | "always";
  /** Null where values are numbers. */
  readonly tiles: TileScope | null;
  /** A dense tensor of ones over a variable, to fill loops with; asked for while lowering. */
  readonly filler: (variable: string) => string;
}

/** The variables in loop order. */
export function inLoopOrder(variables: readonly string[], order: readonly string[]): readonly string[] {
  const place = new Map(order.map((variable, at) => [variable, at]));
  return variables.toSorted((a, b) => place.get(a)! - place.get(b)!);
}

/** The streams of a member handed back as a join made them, and the loop that they open. */
export function open(member: LoopMember, variable: string): OpenLoop {
  for (const { stream, accept } of member.carried) accept(stream);
  const { crd, complete, nonempty } = member;
  return { variable, crd, complete, nonempty };
}

/** Repeats a stream of references or values once for each coordinate of a loop. */
export function repeated(
  stream: OutPort,
  { variable, crd }: OpenLoop,
  { netlist }: LoweringScope,
  { tensor, root }: { readonly tensor: string; readonly root: boolean },
): OutPort {
  const signal = netlist.add(`repsiggen-${variable}`, { type: "repsiggen", index: variable }, { crd });
  const of = stream.kind === "val" ? "val" : "ref";
  const block = netlist.add(
    `repeat-${tensor}-${variable}`,
    { type: "repeat", index: variable, tensor, root, of },
    { ref: stream, repsig: { block: signal, port: "repsig", kind: "repsig" } },
  );
  return { block, port: "ref", kind: of, ...(stream.axes && { axes: stream.axes }) };
}
