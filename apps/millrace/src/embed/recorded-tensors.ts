/** Inputs and outputs of models in JSON, as frameworks record them. */
import type { ModelTensor } from "@millrace/model-import";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";

/** Tensors of a run of a model; those without a name go by their place. */
export interface RecordedRun {
  readonly inputs: readonly NamedTensor[];
  /** Values of weights that did not come with the model, by name. */
  readonly params: readonly NamedTensor[];
  /** What the run gave; absent if it was not recorded. */
  readonly outputs: readonly NamedTensor[] | undefined;
}

/** A tensor and what it is called, if anything. */
export interface NamedTensor {
  readonly name: string | undefined;
  readonly tensor: ModelTensor;
}

const dtypes: Readonly<Record<string, ModelTensor["dtype"]>> = {
  ...{ float64: "f64", float32: "f32", float16: "f16", bfloat16: "bf16" },
  ...{ int64: "i64", int32: "i32", int16: "i16", int8: "i8", uint8: "u8", bool: "bool" },
};

/** The name that recorded runs have for an element type. */
export function recordedDtype(dtype: ModelTensor["dtype"]): string {
  return Object.entries(dtypes).find(([, short]) => short === dtype)?.[0] ?? dtype;
}

/**
 * Reads `{"inputs": […], "params": {…}, "outputs": […]}`. A tensor is `{"name"?, "dtype"?, "shape"?, "data"}`, or
 * `{"shape", "coo": [[row, …, value], …]}`; lists may be objects by name, and a single `output` may stand for `outputs`.
 *
 * @throws {MillraceError} `file-kind` with the path of the first fault
 */
export function readRecordedRun(folder: string, file: string): RecordedRun {
  const text = readText(folder, file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new MillraceError("file-kind", `${file}: ${(cause as Error).message}`, { cause, help: "expected JSON" });
  }
  const fault = (path: string, wanted: string) =>
    new MillraceError("file-kind", `${file}: ${path}: expected ${wanted}`, {
      help: 'for example {"inputs": [{"name": "i", "dtype": "int64", "shape": [2], "data": [3, 1]}]}',
    });
  if (!isRecord(document)) throw fault("$", "an object with inputs");
  const { inputs, params, outputs, output } = document;
  if (inputs === undefined) throw fault("$.inputs", "a list of tensors");
  const results = outputs ?? (output === undefined ? undefined : [output]);
  return {
    inputs: list(inputs, "$.inputs", fault),
    params: params === undefined ? [] : list(params, "$.params", fault),
    outputs: results === undefined ? undefined : list(results, "$.outputs", fault),
  };
}

type Fault = (path: string, wanted: string) => MillraceError;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown, path: string, fault: Fault): NamedTensor[] {
  if (Array.isArray(value)) {
    return value.map((entry: unknown, place) => {
      const name = isRecord(entry) && typeof entry.name === "string" ? entry.name : undefined;
      return { name, tensor: tensor(entry, `${path}[${place}]`, fault) };
    });
  }
  if (!isRecord(value)) throw fault(path, "a list of tensors");
  return Object.entries(value).map(([name, entry]) => ({ name, tensor: tensor(entry, `${path}.${name}`, fault) }));
}

function tensor(value: unknown, path: string, fault: Fault): ModelTensor {
  if (!isRecord(value)) throw fault(path, "a tensor: an object with data");
  const dtype = dtypes[String(value.dtype ?? "float32")];
  if (dtype === undefined) throw fault(`${path}.dtype`, `one of ${Object.keys(dtypes).join(", ")}`);
  if (Array.isArray(value.coo)) return entries(value, { dtype, path, fault });
  if (!Array.isArray(value.data)) throw fault(`${path}.data`, "a list of numbers");
  const values = Float64Array.from(value.data, (entry: unknown, place) =>
    number(entry, `${path}.data[${place}]`, fault),
  );
  const shape = extents(value.shape ?? [values.length], `${path}.shape`, fault);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (count !== values.length) throw fault(`${path}.data`, `${count} numbers for the shape, not ${values.length}`);
  return { dtype, shape, values };
}

function entries(
  value: Record<string, unknown>,
  { dtype, path, fault }: { dtype: ModelTensor["dtype"]; path: string; fault: Fault },
): ModelTensor {
  const shape = extents(value.shape, `${path}.shape`, fault);
  const values = new Float64Array(shape.reduce((product, extent) => product * extent, 1));
  for (const [place, entry] of (value.coo as unknown[]).entries()) {
    const at = `${path}.coo[${place}]`;
    if (!Array.isArray(entry) || entry.length !== shape.length + 1) throw fault(at, "coordinates and a value");
    let position = 0;
    for (const [axis, extent] of shape.entries()) {
      const coordinate = number(entry[axis], at, fault);
      if (!(coordinate >= 0 && coordinate < extent)) throw fault(at, `coordinates below ${shape.join(" x ")}`);
      position = position * extent + coordinate;
    }
    values[position] = number(entry[shape.length], at, fault);
  }
  return { dtype, shape, values };
}

function extents(value: unknown, path: string, fault: Fault): number[] {
  const right = (extent: unknown) => Number.isInteger(extent) && (extent as number) >= 0;
  if (!Array.isArray(value) || !value.every(right)) throw fault(path, "a list of extents");
  return value as number[];
}

const words: Readonly<Record<string, number>> = {
  ...{ NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY },
};

function number(value: unknown, path: string, fault: Fault): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  const word = typeof value === "string" ? words[value] : undefined;
  if (word === undefined) throw fault(path, 'a number, or "NaN", "Infinity", "-Infinity"');
  return word;
}
