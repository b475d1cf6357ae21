/**
 * A SAM dataflow graph: blocks with typed ports, joined by streams.
 *
 * Every edge has one producer port and one consumer port; fan-out is a `broadcast` block. This is the neutral form that
 * every reader produces, every writer and the simulator consume.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023 (arXiv 2208.14610); the protobuf form of the same graph
 * is that of Comal.
 */

/** What travels on an edge. */
export type StreamKind = "crd" | "ref" | "val" | "repsig" | "bv";

/** How the level that a scanner or writer works on is stored. */
export type SamLevelKind = "dense" | "compressed" | "bitvector";

/** Operation of a binary `alu`. */
export type BinaryOperation = "add" | "sub" | "mul" | "div" | "max" | "elemmul";

/** Operation of a `unary` block; the last group also takes `constant`. */
export type UnaryOperation =
  | "exp"
  | "log"
  | "sqrt"
  | "tanh"
  | "erf"
  | "sin"
  | "cos"
  | "rsqrt"
  | "sigmoid"
  | "relu"
  | "leakyrelu"
  | "max"
  | "scalar-add"
  | "scalar-mul"
  | "scalar-div";

/**
 * What a block does where values are square tiles: dense blocks of numbers, or vectors of as many.
 *
 * `axes` names the axes of the tiles it takes and of the tile it gives, as in einsum notation: `ab,bc->ac` is a product of
 * tiles, `ab,b->ab` works element by element, `ab->a` sums along an axis. Letters mean something inside one block only.
 */
export interface TileWork {
  /** Extent of a tile along each of its axes, 2 to 64. */
  readonly size: number;
  readonly axes: string;
}

/**
 * A block and its parameters. Ports, by type (inputs -> outputs):
 *
 * | type | inputs | outputs |
 * | --- | --- | --- |
 * | root | | ref |
 * | scanner | ref, (skip: crd, when `gallop`) | crd, ref; `bitvector` level: bv, ref |
 * | intersect, union | crd0 ref0 crd1 ref1 … | crd ref0 ref1 …, (skip0 skip1 when `gallop`) |
 * | locate | crd, ref, (parent: ref, one level shallower, when `parent`) | crd, ref0 (parent * extent + crd in the dense level), ref1 (the sparse ref, passed on) |
 * | repsiggen | crd (any of crd, ref, val: only the shape counts) | repsig |
 * | repeat | ref, repsig | ref (`val` -> `val` when `of` is "val") |
 * | array | ref | val |
 * | alu | val0, val1 | val |
 * | unary | val | val |
 * | reduce | val, (crd: of the loop around the reduced one; tells an empty fibre of it from an empty fibre to sum) | val |
 * | spacc, form "fibers" | crd0 (innermost kept) … crd(order-1), crd-order (the reduced loop's), val | crd0 … crd(order-1), val |
 * | spacc, form "points" | crd0 (innermost) … one per entry of `indices`, all without stops and of equal length, val | the same |
 * | crdhold | outer, inner | outer, inner |
 * | crddrop | outer, inner | outer, inner (`val` inner when `of` is "val") |
 * | val-drop | crd, val | crd, val |
 * | stop-drop, empty-fiber-drop | in | out (of the kind of `in`) |
 * | split | crd | outer (numbers of chunks of `width` coordinates), inner (the coordinates, a fibre for each chunk) |
 * | pack-bits | crd (below 53) | bv, a word for each fibre |
 * | mask | outer, inner, ref | outer, inner, ref |
 * | broadcast | in | out0 out1 … |
 * | fork | in | out0 … |
 * | join | in0 … | out |
 * | gen-ref | crd | ref |
 * | write-level | crd, or bv when `words` | |
 * | write-values | val | |
 *
 * A ref port of a join may carry values instead (kind `val`) where a value stream is joined by the coordinates beside it. Any
 * ref input may be fed by a crd stream: a coordinate is the reference of an outermost dense level. The words of a bv stream are
 * read by a `write-level` with `words`; beside the words of a scanner, `ref` has one reference for each word, that of its first
 * bit. An edge has the kind of its
 * producer. The ports of one block are `portsOf(block)` of ports.ts.
 */
export type SamBlock = { readonly id: string; readonly label?: string } & (
  | { readonly type: "root"; readonly tensor: string }
  | {
      readonly type: "scanner";
      readonly tensor: string;
      readonly level: number;
      readonly index: string;
      readonly format: SamLevelKind;
      readonly gallop?: boolean;
    }
  | { readonly type: "intersect" | "union"; readonly index: string; readonly arity: number; readonly gallop?: boolean }
  /** Without `parent` the dense level is the tensor's first, below the root. */
  | {
      readonly type: "locate";
      readonly tensor: string;
      readonly level: number;
      readonly index: string;
      readonly parent: boolean;
    }
  | { readonly type: "repsiggen"; readonly index: string }
  | {
      readonly type: "repeat";
      readonly index: string;
      readonly tensor: string;
      readonly root: boolean;
      readonly of: "ref" | "val";
    }
  | { readonly type: "array"; readonly tensor: string; readonly tile?: TileWork }
  | { readonly type: "alu"; readonly operation: BinaryOperation; readonly tile?: TileWork }
  | {
      readonly type: "unary";
      readonly operation: UnaryOperation;
      readonly constant?: number;
      readonly tile?: TileWork;
    }
  | { readonly type: "reduce"; readonly operation: "add" | "max" | "addsum"; readonly tile?: TileWork }
  /**
   * Sparse accumulator. Form "fibers" (Comal) sums the fibres of `order` kept loops over the reduced loop outside them, until
   * the reduced loop's fibre ends; the streams keep their stops. Form "points" (SAM's Python simulator) sums equal points and
   * emits them as a fibre tree: all of them at the end when `indices` has `order` entries; with order + 1, the outermost is a
   * kept loop outside the reduced one, and its change emits what was summed.
   */
  | {
      readonly type: "spacc";
      readonly form: "fibers" | "points";
      readonly order: number;
      /** Index of each coordinate input, innermost first; of length order + 1, or `order` ("points" only). */
      readonly indices: readonly string[];
      readonly tile?: TileWork;
    }
  | { readonly type: "crdhold"; readonly outer: string; readonly inner: string }
  | { readonly type: "crddrop"; readonly outer: string; readonly inner: string; readonly of: "crd" | "val" }
  | { readonly type: "val-drop" | "stop-drop" | "empty-fiber-drop" | "gen-ref" | "pack-bits" }
  | {
      readonly type: "split";
      /** Index of the chunks. */
      readonly outer: string;
      /** Index of the coordinates. */
      readonly inner: string;
      /** Coordinates from the beginning of a chunk to that of the next. */
      readonly width: number;
    }
  | {
      readonly type: "mask";
      readonly outer: string;
      readonly inner: string;
      readonly keep: "lower" | "upper" | "diagonal";
    }
  | { readonly type: "broadcast"; readonly stream: StreamKind; readonly ways: number }
  | {
      readonly type: "fork";
      readonly stream: StreamKind;
      readonly ways: number;
      /** Lane of the nth item, over and over; in turn if not given. */
      readonly deal?: readonly number[];
    }
  | { readonly type: "join"; readonly stream: StreamKind; readonly ways: number }
  | {
      readonly type: "write-level";
      readonly tensor: string;
      readonly level: number;
      readonly index: string;
      readonly format: SamLevelKind;
      /** Whether a stop that follows a stop closes no fibre of its own: what SAM's and Comal's writers do behind a crddrop. */
      readonly mergeEmptyFibers: boolean;
      /** Whether it takes words of a bv stream, not coordinates. The nth word of a fibre begins with coordinate 32n. */
      readonly words?: boolean;
    }
  | { readonly type: "write-values"; readonly tensor: string; readonly tile?: TileWork }
);

/** One end of an edge: a port of a block. */
export interface SamPort {
  readonly block: string;
  readonly port: string;
}

/** A stream from one output port to one input port. */
export interface SamEdge {
  readonly id: string;
  readonly kind: StreamKind;
  readonly from: SamPort;
  readonly to: SamPort;
}

/** How a tensor of the graph is stored: level kinds outermost first, and the mode that each level stores. */
export interface SamTensor {
  readonly levels: readonly SamLevelKind[];
  readonly modeOrder: readonly number[];
  /** Extent of a tile along each mode, 1 where tiles have no axis; absent where values are numbers. Levels then count tiles. */
  readonly tile?: readonly number[];
}

/** A whole graph. */
export interface SamGraph {
  readonly name: string;
  /** Index notation of what it computes, where known. */
  readonly expression?: string;
  readonly tensors: Readonly<Record<string, SamTensor>>;
  readonly blocks: readonly SamBlock[];
  readonly edges: readonly SamEdge[];
}
