/** Where something stands in the file it was read from. */
export interface Place {
  /** Name of the model file as the caller gave it. */
  readonly file: string;
  /** Member of an archive, or another file that the model names. */
  readonly member?: string;
  /** Where inside JSON or protobuf: `graph_module.graph.nodes[3].inputs[0]`. */
  readonly path?: string;
  /** Counted from 1; only in texts. */
  readonly line?: number;
  /** Counted from 1 in UTF-16 units; only in texts. */
  readonly column?: number;
  /** What the file itself calls the node or tensor. */
  readonly originalName?: string;
}

/**
 * A place as people read it: `model.pt2!models/model.json, graph.nodes[3] (matmul)` or `model.mlir:4:17`.
 *
 * @example
 * ```ts
 * printPlace({ file: "a.onnx", path: "graph.node[2]", originalName: "MatMul_2" }); // => "a.onnx, graph.node[2] (MatMul_2)"
 * ```
 */
export function printPlace(place: Place): string {
  const { file, member, path, line, column, originalName } = place;
  const position = line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`;
  const inside = path === undefined ? "" : `, ${path}`;
  const called = originalName === undefined ? "" : ` (${originalName})`;
  return `${file}${member === undefined ? "" : `!${member}`}${position}${inside}${called}`;
}
