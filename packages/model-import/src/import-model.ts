/** The door for files: finds out what a file is, and has it read. */
import { ZipArchive } from "./archive/zip.ts";
import { ModelError } from "./errors.ts";
import type { ModelGraph } from "./graph/model-graph.ts";
import { type ByteSource, bytesSource } from "./graph/weight.ts";
import { isPt2, readPt2 } from "./read/torch/pt2.ts";

/** How a model is to be read. */
export interface ImportOptions {
  /** What the file is called; faults and the ending that tells text formats apart come from it. */
  readonly name: string;
  /** Which program of an archive with several; `model` or the first unless given. */
  readonly model?: string;
}

/**
 * Reads a model file of any format that is known.
 *
 * Weights are not read: they are loaded from `source` when they are asked for.
 *
 * @throws {ModelError} what is wrong, where, and what would make it work
 * @throws {DiagnosticError} the same for text formats
 */
export async function importModel(input: Uint8Array | ByteSource, options: ImportOptions): Promise<ModelGraph> {
  const source = input instanceof Uint8Array ? bytesSource(input) : input;
  const head = await source.read(0, Math.min(4, source.size));
  if (head[0] === 0x50 && head[1] === 0x4b) {
    const archive = await ZipArchive.open(source, options.name);
    if (isPt2(archive)) return readPt2(archive, options.model);
    throw new ModelError("format-unknown", "a zip archive, but not one of torch.export", {
      place: { file: options.name },
      help: "save the model with torch.export.save(torch.export.export(model, inputs), path)",
    });
  }
  throw new ModelError("format-unknown", "not a model file that is known", {
    place: { file: options.name },
    help: "known are .pt2, printed ATen and FX graphs, ONNX, GraphDef, TensorFlow.js, MLIR and einsum strings",
  });
}
