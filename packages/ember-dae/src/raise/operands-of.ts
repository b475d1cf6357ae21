/** The operands of a lookup, from the tensors of the model that it is part of. */
import type { ModelTensor } from "@millrace/model-import";
import { EmberError } from "../errors.ts";
import { type Memory, memoryFrom, valuesOf } from "../interpret/memory.ts";
import { checkIndices, type Fibres, fibresFromOffsets, fibresFromSegments } from "../operation/fibres.ts";
import { type Instance, instantiate } from "../operation/instance.ts";
import type { IndexElement, Operation, TableElement } from "../operation/operation.ts";
import type { Lookup, LookupSource } from "./lookup.ts";

/** Tensors of a model by value name. */
export type Tensors = ReadonlyMap<string, ModelTensor>;

/** A lookup that can run, and how its output becomes the tensor of the model. */
export interface PreparedLookup {
  readonly instance: Instance;
  tensorOf(output: Float64Array): ModelTensor;
}

/** Names of the values that a lookup needs. */
export function valuesOfLookup({ table, x, source }: Lookup): string[] {
  const { form: _, ...parts } = source;
  const named = Object.entries(parts).flatMap(([role, value]) =>
    typeof value === "string" && role !== "form" ? [value] : [],
  );
  return [table, ...(x === undefined ? [] : [x]), ...named];
}

/** Makes the operation and its memories. @throws {EmberError} for operands that do not fit */
export function prepareLookup(lookup: Lookup, tensors: Tensors): PreparedLookup {
  const get = (name: string): ModelTensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new EmberError("operation-missing", `${name} was not computed`);
    return tensor;
  };
  const held = get(lookup.table);
  const dtype = tableElement(held);
  return lookup.kind === "gather"
    ? prepareGather(lookup, { get, held, dtype })
    : prepareFibres(lookup, { get, held, dtype });
}

interface Found {
  readonly held: ModelTensor;
  readonly dtype: TableElement;
  get(name: string): ModelTensor;
}

function prepareGather(lookup: Lookup, { get, held, dtype }: Found): PreparedLookup {
  if (lookup.source.form !== "ids") throw new EmberError("operation-missing", "a gather takes ids");
  const indices = get(lookup.source.indices);
  const [rows = 0, ...rest] = held.shape;
  const width = rest[rest.length - 1] ?? 1;
  const block = rest.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const table = memoryFrom(dtype, [rows * block, width], held.values);
  const operation: Operation = { kind: "gather", table: dtype, index: indexElement(indices), block };
  const ids = lookup.source.fromEnd ? fromEnd(indices.values, rows) : indices.values;
  return {
    instance: instantiate(operation, { ids, table }),
    tensorOf: (output) => ({ dtype: held.dtype, shape: [...indices.shape, ...rest], values: output }),
  };
}

// Exporters of ONNX count ids from the end where they are negative; a table's own range is checked later.
function fromEnd(ids: Float64Array, rows: number): Float64Array {
  return ids.some((id) => id < 0) ? ids.map((id) => (id < 0 ? id + rows : id)) : ids;
}

function prepareFibres(lookup: Lookup, { get, held, dtype }: Found): PreparedLookup {
  const { source } = lookup;
  if (lookup.kind === "sddmm" && source.form === "segments") return prepareEdges(lookup, source, { get, held, dtype });
  const fibres = fibresOf(lookup, get);
  const weights = fibres.val === undefined ? "none" : "multiply";
  const index = indexElement(get(source.form === "coordinates" ? source.coordinates : firstIndices(lookup)));
  const table = lookup.tableTransposed ? transposed(held, dtype) : matrix(held, dtype);
  if (lookup.kind === "sddmm") {
    const operation: Operation = { kind: "sddmm", table: dtype, index, weights };
    const x = matrix(get(lookup.x ?? ""), dtype);
    const shape = get(firstIndices(lookup)).shape;
    return {
      instance: instantiate(operation, { fibres, table, x }),
      tensorOf: (output) => ({ dtype: held.dtype, shape, values: scattered(fibres, rounded(dtype, output), shape) }),
    };
  }
  if (lookup.kind === "fused") {
    const operation: Operation = { kind: "fused", table: dtype, index, activation: lookup.activation };
    const x = matrix(get(lookup.x ?? ""), dtype);
    return {
      instance: instantiate(operation, { fibres, table, x }),
      tensorOf: (output) => ({ dtype: held.dtype, shape: [...x.shape], values: rounded(dtype, output) }),
    };
  }
  const { reduce, finish, combine } = lookup;
  const operation: Operation = {
    ...{ kind: "bag", table: dtype, index, reduce, finish },
    weights: fibres.val === undefined ? "none" : combine,
  };
  const [, ...rest] = lookup.tableTransposed ? [...held.shape].reverse() : held.shape;
  return {
    instance: instantiate(operation, { fibres, table }),
    tensorOf: (output) => ({
      dtype: held.dtype,
      shape: [fibres.ptr.length - 1, ...rest],
      values: rounded(dtype, output),
    }),
  };
}

// Scores come back in the order of the edges, not of the fibres.
function prepareEdges(
  lookup: Lookup,
  source: LookupSource & { form: "segments" },
  { get, held, dtype }: Found,
): PreparedLookup {
  const [indices, target, x] = [get(source.indices), get(source.segments), matrix(get(lookup.x ?? ""), dtype)];
  const places = Float64Array.from(indices.values, (_, place) => place);
  const bags = x.shape[0] ?? 0;
  checkIndices(target.values, bags, "indices");
  const { ptr, idx, val } = fibresFromSegments({
    indices: indices.values,
    segments: target.values,
    bags,
    weights: places,
  });
  const operation: Operation = { kind: "sddmm", table: dtype, index: indexElement(indices), weights: "none" };
  const fibres = { ptr, idx, val: undefined };
  return {
    instance: instantiate(operation, { fibres, table: matrix(held, dtype), x }),
    tensorOf: (output) => {
      const values = new Float64Array(output.length);
      for (const [at, place] of (val ?? places).entries()) values[place] = output[at] as number;
      return { dtype: held.dtype, shape: [output.length], values: rounded(dtype, values) };
    },
  };
}

function entryRows(source: LookupSource & { form: "rows-of-entries" }, get: (name: string) => ModelTensor): Fibres {
  const [coordinates, ids] = [get(source.coordinates), get(source.indices).values];
  const rank = coordinates.shape[1] ?? 1;
  const bags = get(source.shape).values[0] ?? 0;
  const weights = source.weights === undefined ? undefined : get(source.weights).values;
  const dropped = (id: number, entry: number) =>
    (source.dropNegative && id < 0) || (source.dropWeights && weights !== undefined && !(weights[entry]! > 0));
  // A negative segment belongs to no bag.
  const segments = Float64Array.from(ids, (id, entry) =>
    dropped(id, entry) ? -1 : (coordinates.values[entry * rank] as number),
  );
  return fibresFromSegments({ indices: ids, segments, bags, weights });
}

function firstIndices({ source }: Lookup): string {
  if (source.form === "dense-entries") return source.matrix;
  return source.form === "coordinates" ? source.coordinates : source.indices;
}

function fibresOf({ source }: Lookup, get: (name: string) => ModelTensor): Fibres {
  if (source.form === "offsets") return offsetFibres(source, get);
  if (source.form === "segments") {
    const [indices, segments] = [get(source.indices).values, get(source.segments).values];
    const counted = source.count === undefined ? undefined : get(source.count).values[0];
    const alike = source.like === undefined ? undefined : get(source.like).shape[0];
    const bags = counted ?? source.rows ?? alike ?? segments.reduce((most, segment) => Math.max(most, segment + 1), 0);
    const weights = source.weights === undefined ? undefined : get(source.weights).values;
    return fibresFromSegments({ indices, segments, bags, weights });
  }
  if (source.form === "coordinates") {
    const { values } = get(source.coordinates);
    const entries = values.length / 2;
    const [row, column] = source.transposed ? [1, 0] : [0, 1];
    const axis = (at: number) => Float64Array.from({ length: entries }, (_, entry) => values[entry * 2 + at]!);
    const bags = get(source.shape).values[row] ?? 0;
    return fibresFromSegments({ indices: axis(column), segments: axis(row), bags, weights: get(source.values).values });
  }
  if (source.form === "rows-of-entries") return entryRows(source, get);
  if (source.form === "dense-entries") return entriesOf(get(source.matrix));
  throw new EmberError("operation-missing", "ids alone make no bags");
}

function offsetFibres(source: Lookup["source"] & { form: "offsets" }, get: (name: string) => ModelTensor): Fibres {
  const indices = get(source.indices);
  const weights = source.weights === undefined ? undefined : get(source.weights).values;
  const [bags = 0, each = 0] = indices.shape;
  const offsets =
    source.offsets === undefined
      ? Float64Array.from({ length: bags }, (_, bag) => bag * each)
      : get(source.offsets).values;
  return fibresFromOffsets({ ...source, indices: indices.values, offsets, weights });
}

function entriesOf({ shape, values }: ModelTensor): Fibres {
  const [rows = 0, columns = 0] = shape;
  const [ptr, idx, val]: [Float64Array, number[], number[]] = [new Float64Array(rows + 1), [], []];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (value === 0) continue;
      idx.push(column);
      val.push(value);
    }
    ptr[row + 1] = idx.length;
  }
  return { ptr, idx: Float64Array.from(idx), val: Float64Array.from(val) };
}

function scattered({ ptr, idx }: Fibres, output: Float64Array, shape: readonly number[]): Float64Array {
  const [rows = 0, columns = 0] = shape;
  const dense = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let p = ptr[row]!; p < ptr[row + 1]!; p++) dense[row * columns + idx[p]!] = output[p]!;
  return dense;
}

function matrix({ shape, values }: ModelTensor, element: TableElement): Memory {
  const [rows = 0, ...rest] = shape;
  const width = rest.reduce((product, extent) => product * extent, 1);
  return memoryFrom(element, [rows, width], values);
}

function transposed({ shape, values }: ModelTensor, element: TableElement): Memory {
  const [rows = 0, columns = 0] = shape;
  const turned = Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
  return memoryFrom(element, [columns, rows], turned);
}

// What is computed in f32 of halves becomes halves again; bytes have results of their own type.
function rounded(element: TableElement, values: Float64Array): Float64Array {
  if (element !== "f16" && element !== "bf16") return values;
  return valuesOf(memoryFrom(element, [values.length], values));
}

function tableElement({ dtype }: ModelTensor): TableElement {
  if (dtype === "f64" || dtype === "f32" || dtype === "f16" || dtype === "bf16" || dtype === "i8") return dtype;
  throw new EmberError("unsupported", `a table of ${dtype} is not looked up`, {
    help: "tables are f64, f32, f16, bf16 or i8",
  });
}

function indexElement({ dtype }: ModelTensor): IndexElement {
  return dtype === "i64" ? "i64" : "i32";
}
