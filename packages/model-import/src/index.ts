export { annotateFormats, describeFormat, type FormatProposal, proposeFormats } from "./annotate/annotate-formats.ts";
export type { ZeroFacts } from "./annotate/count-zeros.ts";
export { ModelError, type ModelErrorCode, type ModelErrorOptions } from "./errors.ts";
export type { ModelInputs } from "./evaluate/bind-inputs.ts";
export { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate/evaluate.ts";
export { type ModelTensor, readWeight } from "./evaluate/model-tensor.ts";
export { canEvaluate } from "./evaluate/run-node.ts";
export type { Dtype } from "./graph/dtype.ts";
export {
  type EncodingLevel,
  type EncodingLevelKind,
  formatOfEncoding,
  printEncoding,
  type SparseEncoding,
} from "./graph/encoding.ts";
export type {
  Attribute,
  Layout,
  ModelFormat,
  ModelGraph,
  ModelSource,
  Node,
  Param,
  Region,
  Tag,
  Value,
} from "./graph/model-graph.ts";
export { type ModelJson, modelToJson } from "./graph/model-json.ts";
export { parseSize } from "./graph/parse-size.ts";
export { type Place, printPlace } from "./graph/place.ts";
export { printModel, printType } from "./graph/print-model.ts";
export {
  combineSizes,
  evaluateSize,
  printSize,
  type Size,
  type SizeBindings,
  type SizeExpression,
  type SizeOperator,
  type SizeSymbol,
  sameSize,
  symbolsOfSize,
} from "./graph/size.ts";
export { type ByteSource, bytesSource, type Storage, type Weight } from "./graph/weight.ts";
export { type ImportOptions, importModel } from "./import-model.ts";
export { normalise, type Pass, passes } from "./normalise/normalise.ts";
export { type EinsumOptions, importEinsum } from "./read/einsum/einsum.ts";
export type { FileFinder } from "./read/side-files.ts";
export type { FxHints, FxModule } from "./read/torch/fx-rows.ts";
