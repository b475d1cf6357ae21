/** Model files by name: opened, not read; weights come from the file when they are asked for. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  type ByteSource,
  type ImportOptions,
  importModel,
  type ModelGraph,
  type ModelTensor,
  normalise,
} from "@millrace/model-import";
import { spread, type ValueType } from "@millrace/tensor";
import { type Binding, bindingTable } from "../cli/flags.ts";
import { MillraceError } from "../errors.ts";
import { checkedPath, unreadable } from "../files/read.ts";
import { keptModes, numberIn } from "./operands.ts";
import { readTensor } from "./read-tensor.ts";

/** How a model file is to be read. */
export interface ModelReading {
  /** One program of an archive, or one function of a text. */
  readonly part?: string | undefined;
  /** Without passes and tags: as the file has it. */
  readonly raw?: boolean | undefined;
}

/**
 * Opens a model, named from `folder`, and hands it to `use`; the file stays open that long.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 * @throws {ModelError} {@link DiagnosticError} as `importModel`
 */
export async function withModel<T>(
  folder: string,
  name: string,
  { part, raw }: ModelReading,
  use: (graph: ModelGraph) => T | Promise<T>,
): Promise<T> {
  const open: number[] = [];
  const source = (path: string): ByteSource => {
    try {
      const file = openSync(path, "r");
      open.push(file);
      return sourceOf(file, name);
    } catch (cause) {
      throw unreadable(name, cause);
    }
  };
  const path = checkedPath(folder, name);
  const beside = (file: string) => {
    try {
      return source(resolve(dirname(path), file));
    } catch {
      // The reader says which file it misses, and what for.
      return undefined;
    }
  };
  const options: ImportOptions = { name, files: beside, ...(part === undefined ? {} : { model: part }) };
  try {
    const graph = await importModel(source(path), options);
    return await use(raw === true ? graph : normalise(graph));
  } finally {
    for (const file of open) closeSync(file);
  }
}

function sourceOf(file: number, name: string): ByteSource {
  return {
    size: fstatSync(file).size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      try {
        for (let done = 0; done < length; ) {
          const count = readSync(file, bytes, done, length - done, offset + done);
          if (count === 0) break;
          done += count;
        }
      } catch (cause) {
        throw unreadable(name, cause);
      }
      return bytes;
    },
  };
}

/** The order that a model states for the input of this name. */
function rankOf(graph: ModelGraph, name: string): number | undefined {
  const at = graph.inputNames.indexOf(name);
  return graph.values.get(graph.inputs[at] ?? name)?.shape?.length;
}

/**
 * The inputs of a model that a command line binds.
 *
 * @throws {MillraceError} `operand-unknown` for a name that the model has neither as an input nor as a weight; as {@link readTensor}
 */
export async function modelInputs(
  graph: ModelGraph,
  folder: string,
  bindings: readonly Binding[],
): Promise<Record<string, ModelTensor>> {
  const weights = Array.from(graph.params.values(), ({ name }) => name);
  const known = [...graph.inputNames, ...graph.inputs, ...weights];
  const inputs: Record<string, ModelTensor> = {};
  for (const [name, file] of bindingTable("--input", bindings)) {
    if (!known.includes(name)) {
      throw new MillraceError("operand-unknown", `the model has no input or weight ${name}`, {
        help: `it takes ${graph.inputNames.join(", ")}`,
      });
    }
    inputs[name] = await modelInput(folder, file, rankOf(graph, name));
  }
  return inputs;
}

const dtypes: Readonly<Record<ValueType, ModelTensor["dtype"]>> = {
  float64: "f64",
  float32: "f32",
  int32: "i32",
  complex128: "f64",
};

/**
 * An input of a model from a number or a tensor file, without its zeros left out; a file of more modes than `rank`, such as
 * a vector in the format of matrices, loses modes of extent 1.
 */
async function modelInput(folder: string, name: string, rank: number | undefined): Promise<ModelTensor> {
  const number = numberIn(name);
  if (number !== undefined) return { dtype: "f64", shape: [], values: Float64Array.of(number) };
  const file = await readTensor(folder, name);
  const { shape, values, valueType } = file.dense ?? spread(file.list);
  const kept = rank === undefined ? undefined : keptModes(shape, rank);
  return {
    dtype: dtypes[valueType],
    shape: kept === undefined ? shape : kept.map((mode) => shape[mode]!),
    values: Float64Array.from(values),
  };
}
