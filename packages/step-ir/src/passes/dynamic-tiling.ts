/**
 * Dynamic tiling: rows that are packed into tiles of a fixed number, the last one padded, become one tile of as many rows as
 * there are. Weights are then loaded once, and no padding is computed or held.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.2.
 */
import { StepError } from "../errors.ts";
import { accum } from "../ops/compute/accum.ts";
import { promote } from "../ops/shape/promote.ts";
import { functionName, type OwnFunction } from "../program/attributes.ts";
import type { ProgramNode, Stream } from "../program/program.ts";
import { rankOf } from "../stream/shape.ts";
import { type Pass, type PassRemark, refused } from "./pass.ts";
import { readersOf } from "./readers.ts";
import { type Replacement, rebuild } from "./rebuild.ts";

/** A reshape whose chunks are joined to tiles. */
interface Packing {
  readonly reshape: ProgramNode;
  readonly accum: ProgramNode;
}

/** The `dynamic-tiling` pass. */
export const dynamicTiling: Pass = {
  name: "dynamic-tiling",
  about: "Packs all rows of a group into one tile instead of padded tiles of a fixed size.",
  options: {},
  run(program) {
    const readers = readersOf(program);
    const left: PassRemark[] = [];
    const packings = program.nodes.flatMap((reshape) => packingOf(reshape, readers, left));
    if (packings.length === 0) {
      throw refused("dynamic-tiling", left, "no reshape is followed by an accum with retile-rows over its chunks");
    }
    const replaced = new Map<ProgramNode, Replacement>();
    for (const packing of packings) {
      replaced.set(packing.reshape, { needs: [], build: () => new Map() });
      replaced.set(packing.accum, packWhole(packing));
    }
    const changed = packings.map(({ reshape, accum: joined }) => ({
      nodes: [reshape.id, joined.id],
      text: `tiles of ${String(reshape.attributes.chunk)} rows become one of all rows: every use works row by row until rows are split off again, and nobody reads which rows are padding`,
    }));
    const result = rebuild(program, { replacement: (node) => replaced.get(node) });
    return { program: result, changed, left, sources: {}, tensors: {} };
  },
};

function packingOf(
  reshape: ProgramNode,
  readers: (stream: Stream) => readonly ProgramNode[],
  left: PassRemark[],
): readonly Packing[] {
  if (reshape.operator.name !== "reshape") return [];
  const [chunks, padding] = reshape.outputs as [Stream, Stream];
  const users = readers(chunks);
  const joined = users.find(({ operator, attributes }) => operator.name === "accum" && attributes.fn === "retile-rows");
  if (joined === undefined) return [];
  const fault = faultOf({ reshape, accum: joined }, users, readers(padding), readers);
  if (fault === undefined) return [{ reshape, accum: joined }];
  left.push({ nodes: [reshape.id, joined.id], text: fault });
  return [];
}

/** What forbids the change, if anything does. */
function faultOf(
  { reshape, accum: joined }: Packing,
  users: readonly ProgramNode[],
  padding: readonly ProgramNode[],
  readers: (stream: Stream) => readonly ProgramNode[],
): string | undefined {
  if (Number(reshape.attributes.rank ?? 0) !== 0) return "it splits a dimension other than the innermost";
  if (joined.attributes.rank !== 1)
    return `tiles are joined over ${String(joined.attributes.rank)} dimensions, not over the chunk alone`;
  if (padding.length > 0) return `"${padding[0]!.id}" reads which rows are padding`;
  if (users.length > 1) return `the chunks are also read by "${users.find((user) => user !== joined)!.id}"`;
  const rank = rankOf(joined.outputs[0]!.shape);
  return faultBehind(joined.outputs[0]!, { rank, readers });
}

interface Rows {
  /** Rank of the stream of tiles: dimensions inside of it hold parts of one tile. */
  readonly rank: number;
  readonly readers: (stream: Stream) => readonly ProgramNode[];
}

/** Functions whose result has, row by row, what their first argument has. */
const rowWise = new Set([
  "silu",
  "exp",
  "square",
  "tanh",
  "rsqrt",
  "scale",
  "add",
  "subtract",
  "multiply",
  "divide",
  "maximum",
  "matmul",
  "matmul-transposed",
  "row-sum",
]);

/** What reads tiles as such, and not row by row. */
function faultBehind(stream: Stream, rows: Rows): string | undefined {
  for (const reader of rows.readers(stream)) {
    const fault = faultAt(reader, stream, rows);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultAt(node: ProgramNode, stream: Stream, rows: Rows): string | undefined {
  const { operator, attributes, inputs, id } = node;
  const onward = (): string | undefined => faultBehind(node.outputs[0]!, rows);
  const fn = functionName((attributes.fn ?? "") as string | OwnFunction);
  switch (operator.name) {
    case "flat-map":
      return fn === "split-valid-rows" ? undefined : `"${id}" splits tiles with ${fn}, which counts padding`;
    case "linear-load":
    case "repeat":
    case "broadcast":
      return operator.name === "linear-load" ? undefined : onward();
    case "expand":
      return inputs[0] === stream ? onward() : undefined;
    case "map":
      if (!rowWise.has(fn)) return `"${id}" applies ${fn}, which does not work row by row`;
      return fn.startsWith("matmul") && inputs[1] === stream ? `"${id}" multiplies by the tiles` : onward();
    case "accum": {
      const inside = rankOf(stream.shape) - rows.rank;
      if (Number(attributes.rank) > inside) return `"${id}" folds over several tiles`;
      if (!rowWise.has(fn)) return `"${id}" folds with ${fn}, which does not work row by row`;
      return fn.startsWith("matmul") && inputs[1] === stream ? `"${id}" multiplies by the tiles` : onward();
    }
    case "eager-merge":
      return faultBehind(node.outputs[0]!, rows);
    case "partition":
      return inputs[0] === stream && attributes.rank === 0
        ? node.outputs.map((output) => faultBehind(output, rows)).find((fault) => fault !== undefined)
        : `"${id}" routes groups of tiles`;
    default:
      return `"${id}" (${operator.name}) sees whole tiles`;
  }
}

/** One tile per group: a dimension of 1 around the rows, folded away by the accum. */
function packWhole({ reshape, accum: joined }: Packing): Replacement {
  const [rows] = reshape.inputs as [Stream];
  return {
    needs: [rows],
    build(_program, streamOf) {
      const group = promote(streamOf(rows), { id: reshape.id, rank: 1 });
      const { fn, rank, ...rest } = joined.attributes;
      const made = accum(group, { id: joined.id, fn: String(fn), rank: Number(rank), ...rest });
      if (rankOf(made.shape) !== rankOf(joined.outputs[0]!.shape)) {
        throw new StepError("pass-refused", `"${joined.id}" would change its rank`);
      }
      return new Map([[joined.outputs[0]!, made]]);
    },
  };
}
