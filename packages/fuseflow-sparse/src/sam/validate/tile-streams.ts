/** The type of every stream of values in a graph of tiles: how many axes its tiles have. */
import type { SamBlock, SamGraph, TileWork } from "../graph.ts";
import { parseTileAxes, type TileAxes } from "../tile-work.ts";
import { named } from "./check-connections.ts";
import type { GraphFaults } from "./graph-faults.ts";
import type { Wiring } from "./wiring.ts";

/** Input ports of values, in the order of a block's tiles. */
const valuePorts: Partial<Record<SamBlock["type"], readonly string[]>> = {
  array: [],
  alu: ["val0", "val1"],
  unary: ["val"],
  reduce: ["val"],
  spacc: ["val"],
  "write-values": ["val"],
};

/** Checks that blocks on tiles get tiles of the axes they work on. `order` has producers first. */
export function checkTiles(wiring: Wiring, order: readonly SamBlock[], faults: GraphFaults): void {
  const works = [...wiring.blocks.values()].flatMap((block) => ("tile" in block && block.tile ? [block.tile] : []));
  const [first] = works;
  if (first === undefined) {
    const tiled = Object.entries(wiring.graph.tensors).find(([, { tile }]) => tile?.some((extent) => extent > 1));
    if (tiled !== undefined)
      faults.report("tile-mismatch", `tensor ${tiled[0]} holds tiles, but no block works on tiles`, {});
    return;
  }
  const axes = new Map<string, number>();
  for (const block of order) visit({ block, wiring, size: first.size, axes }, faults);
}

interface Visit {
  readonly block: SamBlock;
  readonly wiring: Wiring;
  readonly size: number;
  /** Axes of the tiles of each output, by `block.port`. */
  readonly axes: Map<string, number>;
}

function visit(place: Visit, faults: GraphFaults): void {
  const { block } = place;
  const ports = valuePorts[block.type];
  if (ports === undefined) {
    passOn(place);
    return;
  }
  const fault = faultOf(place, ports);
  if (fault !== null) faults.report("tile-mismatch", `${named(block)} ${fault}`, { block: block.id });
}

/** What is wrong with a block on values, or null; the axes of its result are noted. */
function faultOf({ block, wiring, size, axes }: Visit, ports: readonly string[]): string | null {
  const work: TileWork | undefined = "tile" in block ? block.tile : undefined;
  if (work === undefined) return "works on numbers in a graph of tiles";
  if (work.size !== size) return `works on tiles of ${work.size}, others on tiles of ${size}`;
  const parsed = parseTileAxes(work.axes);
  const wanted = ports.length;
  // One tile without axes looks like none.
  if (parsed === null || (parsed.inputs.length !== wanted && !(wanted === 1 && work.axes === "->")))
    return `has the axes "${work.axes}", which are not those of ${wanted} tiles and a result`;
  if (!fitsTensor(block, parsed, wiring.graph)) return "does not fit the tiles of its tensor";
  axes.set(`${block.id}.val`, parsed.output.length);
  for (const [at, port] of ports.entries()) {
    const from = wiring.into.get(`${block.id}.${port}`)?.from;
    const found = from && axes.get(`${from.block}.${from.port}`);
    const expected = (parsed.inputs[at] ?? "").length;
    if (found !== undefined && found !== expected)
      return `takes tiles of ${expected} axes at port ${port}, but gets tiles of ${found}`;
  }
  return null;
}

/** Whether arrays and writers have as many axes as the tiles of their tensor. */
function fitsTensor(block: SamBlock, { output }: TileAxes, { tensors }: SamGraph): boolean {
  if (block.type !== "array" && block.type !== "write-values") return true;
  const tile = Object.hasOwn(tensors, block.tensor) ? (tensors[block.tensor]!.tile ?? []) : [];
  return tile.filter((extent) => extent > 1).length === output.length;
}

/** Blocks that hand values on as they are. */
function passOn({ block, wiring, axes }: Visit): void {
  const known = (port: string): number | undefined => {
    const from = wiring.into.get(`${block.id}.${port}`)?.from;
    return from && axes.get(`${from.block}.${from.port}`);
  };
  const pass = (from: string, to: string): void => {
    const found = known(from);
    if (found !== undefined) axes.set(`${block.id}.${to}`, found);
  };
  switch (block.type) {
    case "repeat":
      pass("ref", "ref");
      return;
    case "intersect":
    case "union":
      for (let k = 0; k < block.arity; k++) pass(`ref${k}`, `ref${k}`);
      return;
    case "broadcast":
    case "fork":
      for (let way = 0; way < block.ways; way++) pass("in", `out${way}`);
      return;
    case "join":
      pass("in0", "out");
      return;
    case "crddrop":
      pass("inner", "inner");
      return;
    case "val-drop":
      pass("val", "val");
      return;
    case "stop-drop":
    case "empty-fiber-drop":
      pass("in", "out");
      return;
    default:
  }
}
