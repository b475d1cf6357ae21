/** TensorFlow's operators on segments and sparse tensors. */
import type { TfCall } from "./tf-call.ts";

const modes = { Sum: "sum", Mean: "mean", SqrtN: "sqrtn", Max: "max", Min: "min", Prod: "prod" } as const;

function segments(): Record<string, (call: TfCall) => void> {
  const rows: Record<string, (call: TfCall) => void> = {};
  for (const [name, mode] of Object.entries(modes)) {
    rows[`Segment${name}`] = (call) => call.result("segment", call.inputs, { mode });
    rows[`UnsortedSegment${name}`] = (call) => call.result("unsorted-segment", call.inputs, { mode });
    rows[`SparseSegment${name}`] = (call) => call.result("sparse-segment", call.inputs, { mode });
    rows[`SparseSegment${name}WithNumSegments`] = (call) => call.result("sparse-segment", call.inputs, { mode });
  }
  return rows;
}

/** Rows by operator. */
export const tfSparse: Readonly<Record<string, (call: TfCall) => void>> = {
  ...segments(),
  Unique: (call) => call.result("unique", [call.input(0)], {}, 2),
  SparseFillEmptyRows: (call) => call.result("sparse-fill-empty-rows", call.inputs, {}, 4),
  SparseReshape: (call) => call.result("sparse-reshape", call.inputs, {}, 2),
  SparseTensorDenseMatMul: (call) => {
    const attributes = { transposeA: call.flag("adjoint_a"), transposeB: call.flag("adjoint_b") };
    call.result("sparse-dense-matmul", call.inputs, attributes);
  },
  SparseToDense: (call) => call.result("sparse-to-dense", call.inputs),
};
