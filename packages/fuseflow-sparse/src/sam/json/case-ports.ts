import type { SamBlock, StreamKind } from "../graph.ts";
import type { CaseNode } from "./case-schema.ts";
import type { CaseTensors } from "./case-tensors.ts";

/** The block of a node, or why there is none. */
export function convertNode(id: string, node: CaseNode, tensors: CaseTensors): SamBlock | string {
  const { kind, tensor = "", index = "" } = node;
  switch (kind) {
    case "fiberlookup_compressed":
    case "fiberlookup_dense": {
      const level = node.level ?? tensors.levelIndices[tensor]?.indexOf(index) ?? -1;
      if (level < 0) return `${id}: ${tensor || "no tensor"} has no level of index '${index}'`;
      const format = kind === "fiberlookup_dense" ? "dense" : "compressed";
      return { id, type: "scanner", tensor, level, index, format };
    }
    case "intersect":
    case "union":
      return { id, type: kind, index, arity: 2 };
    case "repsiggen":
      return { id, type: "repsiggen", index };
    case "repeat":
      return { id, type: "repeat", index, tensor, root: false, of: "ref" };
    case "arrayvals":
      return { id, type: "array", tensor };
    case "mul":
      return { id, type: "alu", operation: "mul" };
    case "add":
      return { id, type: "alu", operation: node.neg2 === true ? "sub" : "add" };
    case "reduce":
      return { id, type: "reduce", operation: "add" };
    case "crdhold":
      return { id, type: "crdhold", outer: "", inner: "" };
    case "crddrop":
      return { id, type: "crddrop", outer: "", inner: "", of: "crd" };
    case "spacc1":
      return { id, type: "spacc", form: "points", order: 1, indices: ["", ""] };
    case "spacc2":
      return { id, type: "spacc", form: "points", order: 2, indices: ["", ""] };
    case "stkndrop":
      return { id, type: "stop-drop" };
    case "fiberwrite_vals":
      return { id, type: "write-values", tensor: tensors.output };
    case "fiberwrite_compressed": {
      const level = tensors.writerLevels.get(id);
      if (level === undefined) return `${id} writes no level that the outputs list`;
      const written = tensors.levelIndices[tensors.output]?.[level] ?? "";
      return {
        id,
        type: "write-level",
        tensor: tensors.output,
        level,
        index: written,
        format: "compressed",
        mergeEmptyFibers: true,
      };
    }
    default:
      return `${id} has the unknown kind '${kind}'`;
  }
}

const outputs: Readonly<Record<string, readonly [port: string, kind: StreamKind]>> = {
  "scanner.out_ref": ["ref", "ref"],
  "scanner.out_crd": ["crd", "crd"],
  "join.out_crd": ["crd", "crd"],
  "join.out_ref1": ["ref0", "ref"],
  "join.out_ref2": ["ref1", "ref"],
  "repsiggen.out_repsig": ["repsig", "repsig"],
  "repeat.out_ref": ["ref", "ref"],
  "array.out_val": ["val", "val"],
  "alu.out_val": ["val", "val"],
  "reduce.out_val": ["val", "val"],
  "crdhold.out_crd_outer": ["outer", "crd"],
  "crdhold.out_crd_inner": ["inner", "crd"],
  "crddrop.out_crd_outer": ["outer", "crd"],
  "crddrop.out_crd_inner": ["inner", "crd"],
  "spacc.out_val": ["val", "val"],
  "spacc.out_crd_inner": ["crd0", "crd"],
  "spacc.out_crd_outer": ["crd1", "crd"],
  // Of the kind of its input, which only the wiring tells.
  "stop-drop.out_val": ["out", "val"],
};

const inputs: Readonly<Record<string, string>> = {
  "scanner.set_in_ref": "ref",
  "repsiggen.set_istream": "crd",
  "repeat.set_in_ref": "ref",
  "repeat.set_in_repsig": "repsig",
  "array.set_load": "ref",
  "alu.set_in1": "val0",
  "alu.set_in2": "val1",
  "reduce.set_in_val": "val",
  "crdhold.set_outer_crd": "outer",
  "crdhold.set_inner_crd": "inner",
  "crddrop.set_outer_crd": "outer",
  "crddrop.set_inner_crd": "inner",
  "spacc.set_crd_outer": "crd1",
  "spacc.set_crd_inner": "crd0",
  "spacc.set_val": "val",
  "stop-drop.set_in_stream": "in",
  "write-level.set_input": "crd",
  "write-values.set_input": "val",
};

const family = (block: SamBlock): string =>
  block.type === "intersect" || block.type === "union" ? "join" : block.type;

/** The output that a getter gives. */
export function outputPort(
  block: SamBlock,
  getter: string,
): { readonly port: string; readonly kind: StreamKind } | undefined {
  const found = outputs[`${family(block)}.${getter}`];
  return found === undefined ? undefined : { port: found[0], kind: found[1] };
}

/** The input that a setter feeds with a stream of this kind: joins take coordinates and references through one setter. */
export function inputPort(block: SamBlock, setter: string, kind: StreamKind): string | undefined {
  if (family(block) === "join") {
    const operand = { set_in1: 0, set_in2: 1 }[setter];
    return operand === undefined ? undefined : `${kind === "crd" ? "crd" : "ref"}${operand}`;
  }
  return inputs[`${block.type}.${setter}`];
}
