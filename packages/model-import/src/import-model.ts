/** The door for files: finds out what a file is, and has it read. */
import type { Source } from "@millrace/ir-text";
import { JsonReader } from "./archive/json-reader.ts";
import { parseJson } from "./archive/parse-json.ts";
import { ZipArchive } from "./archive/zip.ts";
import { ModelError } from "./errors.ts";
import type { ModelGraph } from "./graph/model-graph.ts";
import { type ByteSource, bytesSource } from "./graph/weight.ts";
import { isMlir, readMlir } from "./read/mlir/mlir.ts";
import { isModelJson, readModelJson } from "./read/model-json.ts";
import { isOnnx, readOnnx } from "./read/onnx/onnx.ts";
import { type FileFinder, SideFiles } from "./read/side-files.ts";
import { isGraphDefText, readGraphDefText, tryReadGraphDef } from "./read/tensorflow/graphdef-file.ts";
import { isTfjs, readTfjs } from "./read/tensorflow/tfjs.ts";
import { isAtenText, readAtenText } from "./read/torch/aten-text.ts";
import type { FxHints } from "./read/torch/fx-rows.ts";
import { isFxJson, isFxText, readFxJson, readFxText } from "./read/torch/fx-text.ts";
import { isPt2, readPt2 } from "./read/torch/pt2.ts";

/** How a model is to be read. */
export interface ImportOptions extends FxHints {
  /** What the file is called; faults and the ending that tells text formats apart come from it. */
  readonly name: string;
  /** Which program of an archive with several; `model` or the first unless given. */
  readonly model?: string;
  /** Opens files beside the model: ONNX's external data, the shards of TensorFlow.js. Names are relative. */
  readonly files?: FileFinder;
}

/** Texts and graphs without an archive are read whole, up to this size. */
const largestText = 1 << 28;

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
  if (source.size > largestText) {
    throw new ModelError("too-large", `has ${source.size} bytes; without an archive at most ${largestText} are read`, {
      place: { file: options.name },
      help: "keep the weights outside: a .pt2 archive, or ONNX with external data",
    });
  }
  return readWhole(await source.read(0, source.size), options);
}

function readWhole(bytes: Uint8Array, options: ImportOptions): ModelGraph | Promise<ModelGraph> {
  const { name } = options;
  const files = new SideFiles(options.files);
  if (isOnnx(bytes)) return readOnnx(bytes, name, files);
  const text: Source = { name, text: new TextDecoder().decode(bytes) };
  if (isAtenText(text.text)) return readAtenText(text);
  if (isFxText(text.text)) return readFxText(text, options);
  if (/^\s*[[{]/.test(text.text)) {
    const json = parseJson(bytes, { file: name });
    if (isModelJson(json)) return readModelJson(new JsonReader(json, { file: name }));
    if (isFxJson(json)) return readFxJson(bytes, name, options);
    if (isTfjs(json)) return readTfjs(json, name, files);
  }
  if (isMlir(text.text)) return readMlir(text, options.model);
  if (isGraphDefText(text.text)) return readGraphDefText(text);
  const graph = tryReadGraphDef(bytes, name);
  if (graph !== undefined) return graph;
  throw new ModelError("format-unknown", "not a model file that is known", {
    place: { file: name },
    help: "known are .pt2, printed ATen and FX graphs, ONNX, GraphDef, TensorFlow.js, MLIR, the JSON of a graph and einsum strings",
  });
}
