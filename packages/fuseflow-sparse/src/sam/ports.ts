/**
 * The ports of each block type: names, directions and the kinds of stream they take, derived from the block's parameters.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023; names as in the table of graph.ts.
 */
import type { SamBlock, StreamKind } from "./graph.ts";

/** One port of a block. */
export interface SamPortType {
  readonly name: string;
  /** The kinds an input takes or an output may have; the one it is named after comes first. */
  readonly kinds: readonly StreamKind[];
  /** Whether an input may stay unconnected. Outputs always may: their tokens are thrown away. */
  readonly optional: boolean;
}

/** All ports of a block, in the order of the table of graph.ts. */
export interface SamPorts {
  readonly inputs: readonly SamPortType[];
  readonly outputs: readonly SamPortType[];
}

/** Most ways, operands or kept loops of one block; a larger number in a file is a fault of the file. */
export const maximumArity = 4096;

/** Largest width of a `split`: coordinates stay below 2^31. */
export const maximumWidth: number = 2 ** 31 - 1;

const crd: readonly StreamKind[] = ["crd"];
const ref: readonly StreamKind[] = ["ref"];
const val: readonly StreamKind[] = ["val"];
const repsig: readonly StreamKind[] = ["repsig"];
const bv: readonly StreamKind[] = ["bv"];
/** A coordinate is the reference of an outermost dense level. */
const refInput: readonly StreamKind[] = ["ref", "crd"];
const payload: readonly StreamKind[] = ["ref", "val", "crd"];
const payloadOutput: readonly StreamKind[] = ["ref", "val"];
const shape: readonly StreamKind[] = ["crd", "ref", "val"];

const port = (name: string, kinds: readonly StreamKind[], optional = false): SamPortType => ({ name, kinds, optional });

const numbered = (name: string, count: number, kinds: readonly StreamKind[]): SamPortType[] =>
  Array.from({ length: Math.min(count, maximumArity) }, (_, k) => port(`${name}${k}`, kinds));

/**
 * The ports of a block.
 *
 * @example
 * portsOf({ id: "sum", type: "reduce", operation: "add" }).inputs.map(({ name }) => name); // => ["val", "crd"]
 */
export function portsOf(block: SamBlock): SamPorts {
  switch (block.type) {
    case "root":
      return { inputs: [], outputs: [port("ref", ref)] };
    case "scanner":
      return {
        inputs: [port("ref", refInput), ...(block.gallop ? [port("skip", crd, true)] : [])],
        outputs: [block.format === "bitvector" ? port("bv", bv) : port("crd", crd), port("ref", ref)],
      };
    case "intersect":
    case "union":
      return joinPorts(block.arity, block.gallop === true);
    case "locate":
      return {
        inputs: [port("crd", crd), port("ref", refInput), ...(block.parent ? [port("parent", refInput)] : [])],
        outputs: [port("crd", crd), port("ref0", ref), port("ref1", ref)],
      };
    case "repsiggen":
      return { inputs: [port("crd", shape)], outputs: [port("repsig", repsig)] };
    case "repeat": {
      const repeated = block.of === "val" ? val : refInput;
      return {
        inputs: [port("ref", repeated), port("repsig", repsig)],
        outputs: [port("ref", block.of === "val" ? val : ref)],
      };
    }
    case "array":
      return { inputs: [port("ref", refInput)], outputs: [port("val", val)] };
    case "alu":
      return { inputs: numbered("val", 2, val), outputs: [port("val", val)] };
    case "unary":
      return { inputs: [port("val", val)], outputs: [port("val", val)] };
    case "reduce":
      return { inputs: [port("val", val), port("crd", crd, true)], outputs: [port("val", val)] };
    case "spacc": {
      const kept = block.form === "fibers" ? block.order : block.indices.length;
      return {
        inputs: [...numbered("crd", block.form === "fibers" ? kept + 1 : kept, crd), port("val", val)],
        outputs: [...numbered("crd", kept, crd), port("val", val)],
      };
    }
    case "crdhold":
      return { inputs: [port("outer", crd), port("inner", crd)], outputs: [port("outer", crd), port("inner", crd)] };
    case "crddrop": {
      const inner = block.of === "val" ? val : crd;
      return {
        inputs: [port("outer", crd), port("inner", inner)],
        outputs: [port("outer", crd), port("inner", inner)],
      };
    }
    case "val-drop":
      return { inputs: [port("crd", crd), port("val", val)], outputs: [port("crd", crd), port("val", val)] };
    case "stop-drop":
    case "empty-fiber-drop":
      return { inputs: [port("in", shape)], outputs: [port("out", shape)] };
    case "split":
      return { inputs: [port("crd", crd)], outputs: [port("outer", crd), port("inner", crd)] };
    case "pack-bits":
      return { inputs: [port("crd", crd)], outputs: [port("bv", bv)] };
    case "mask":
      return {
        inputs: [port("outer", crd), port("inner", crd), port("ref", refInput)],
        outputs: [port("outer", crd), port("inner", crd), port("ref", ref)],
      };
    case "broadcast":
    case "fork":
      return { inputs: [port("in", [block.stream])], outputs: numbered("out", block.ways, [block.stream]) };
    case "join":
      return { inputs: numbered("in", block.ways, [block.stream]), outputs: [port("out", [block.stream])] };
    case "gen-ref":
      return { inputs: [port("crd", crd)], outputs: [port("ref", ref)] };
    case "write-level":
      return { inputs: [block.words ? port("bv", bv) : port("crd", crd)], outputs: [] };
    case "write-values":
      return { inputs: [port("val", val)], outputs: [] };
  }
}

function joinPorts(arity: number, gallop: boolean): SamPorts {
  const pairs = Array.from({ length: Math.min(arity, maximumArity) }, (_, k) => [
    port(`crd${k}`, crd),
    port(`ref${k}`, payload),
  ]);
  return {
    inputs: pairs.flat(),
    outputs: [
      port("crd", crd),
      ...numbered("ref", arity, payloadOutput),
      ...(gallop ? numbered("skip", arity, crd) : []),
    ],
  };
}
