/** TensorFlow.js models: a GraphDef as JSON, with weights in shards beside it. */

import { checkedWeight } from "../../archive/checked-weight.ts";
import { messageFromJson } from "../../archive/json-message.ts";
import { JsonReader } from "../../archive/json-reader.ts";
import { ModelError } from "../../errors.ts";
import { type Dtype, dtypeBytes } from "../../graph/dtype.ts";
import type { ModelGraph } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import {
  type ByteSource,
  denseStrides,
  elementCount,
  lazyStorage,
  type Storage,
  type Weight,
} from "../../graph/weight.ts";
import type { SideFiles } from "../side-files.ts";
import { numbersIn, readGraphDef } from "./graphdef.ts";
import { graphDefSchema, typeNumbers } from "./graphdef-schema.ts";

/** Whether JSON is a model of TensorFlow.js. */
export function isTfjs(json: unknown): boolean {
  return typeof json === "object" && json !== null && "modelTopology" in json;
}

/** @throws {ModelError} whatever is wrong with the model, with its JSON path. */
export async function readTfjs(json: unknown, file: string, files: SideFiles): Promise<ModelGraph> {
  const place: Place = { file };
  const root = new JsonReader(json, place);
  const topology = root.at("modelTopology");
  if (root.at("format").value === "layers-model" || !Array.isArray(topology.at("node").value)) {
    throw new ModelError("format-unknown", "a layers model: its topology is a Keras configuration, not a graph", {
      place: topology.place,
      help: "convert it with tensorflowjs_converter --output_format=tfjs_graph_model",
    });
  }
  const { weights, constants } = await readWeights(root, files);
  const message = messageFromJson(topology.value, graphDefSchema, { place: topology.place, enums: typeNumbers });
  const producer = root.at("convertedBy");
  const version = root.at("generatedBy");
  return readGraphDef({
    name: file.replace(/^.*[\\/]/, "").replace(/\..*$/, ""),
    source: {
      format: "tfjs",
      file,
      version: version.present ? String(version.value) : "",
      producer: producer.present ? String(producer.value) : "",
    },
    message,
    weights,
    constants,
    outputs: signatureOutputs(root),
  });
}

// Older converters keep the signature among the user's metadata.
function signatureOutputs(root: JsonReader): string[] | undefined {
  const nested = root.at("userDefinedMetadata");
  const signature = root.at("signature").present
    ? root.at("signature")
    : nested.present
      ? nested.at("signature")
      : undefined;
  if (signature?.present !== true || !signature.at("outputs").present) return undefined;
  const outputs = signature.at("outputs").entries();
  return outputs.length === 0 ? undefined : outputs.map(([, output]) => output.at("name").text());
}

const dtypes: Readonly<Record<string, Dtype>> = {
  float32: "f32",
  int32: "i32",
  bool: "bool",
  float16: "f16",
  string: "string",
  uint8: "u8",
};

interface Weights {
  readonly weights: Map<string, Weight>;
  readonly constants: Map<string, readonly number[]>;
}

async function readWeights(root: JsonReader, files: SideFiles): Promise<Weights> {
  const weights = new Map<string, Weight>();
  const constants = new Map<string, readonly number[]>();
  const manifest = root.at("weightsManifest");
  for (const group of manifest.present ? manifest.list() : []) {
    const paths = group.at("paths").list();
    const shards = paths.map((path) => files.tryFind(path.text(), path.place));
    // Without its shards a model is a topology: its weights have types and shapes only.
    if (shards.includes(undefined)) continue;
    const group_ = joined(shards as ByteSource[]);
    let offset = 0;
    for (const entry of group.at("weights").list()) {
      const weight = weightOf(entry, group_, offset);
      offset += weight.storage.bytes;
      weights.set(entry.at("name").text(), weight);
      const count = elementCount(weight.shape);
      if (count > 64 || weight.quantization !== undefined) continue;
      const numbers = numbersIn(await weight.storage.load(), weight.dtype, count);
      if (numbers !== undefined) constants.set(entry.at("name").text(), numbers);
    }
  }
  return { weights, constants };
}

/** Several files as one. */
function joined(shards: readonly ByteSource[]): ByteSource {
  const size = shards.reduce((total, shard) => total + shard.size, 0);
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      let start = 0;
      for (const shard of shards) {
        const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + shard.size)];
        if (from < to) bytes.set(await shard.read(from - start, to - from), from - offset);
        start += shard.size;
      }
      return bytes;
    },
  };
}

function weightOf(entry: JsonReader, source: ByteSource, offset: number): Weight {
  const place = { ...entry.place, originalName: entry.at("name").text() };
  const shape = entry
    .at("shape")
    .list()
    .map((extent) => extent.integer());
  const dtype = dtypes[entry.at("dtype").text()];
  if (dtype === undefined || dtype === "string") {
    throw new ModelError("dtype-unsupported", `weights of type ${entry.at("dtype").text()} are not modelled`, {
      place,
      help: "convert the model without that weight",
    });
  }
  const quantized = entry.at("quantization");
  const count = elementCount(shape);
  const stored = quantized.present ? quantized.at("dtype").text() : undefined;
  const width = stored === undefined ? dtypeBytes[dtype] : stored === "uint8" ? 1 : 2;
  const bytes = count * width;
  if (!(offset + bytes <= source.size)) {
    throw new ModelError("weight-truncated", `bytes ${offset} to ${offset + bytes} of shards of ${source.size}`, {
      place,
      help: "a shard may be cut off or missing; convert or download the model again",
    });
  }
  const storage: Storage = lazyStorage(bytes, () => source.read(offset, bytes));
  const plain = { dtype, shape, strides: denseStrides(shape), offset: 0, storage, place };
  if (stored === undefined) return checkedWeight(plain);
  const kind = stored === "uint8" ? "u8" : stored === "uint16" ? "u16" : "f16";
  const [scale, minimum] = kind === "f16" ? [1, 0] : [quantized.at("scale").number(), quantized.at("min").number()];
  return { ...plain, quantization: { stored: kind, scale, minimum } };
}
