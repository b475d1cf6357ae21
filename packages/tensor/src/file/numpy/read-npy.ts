import { TensorError } from "../../errors.ts";
import { elementCount } from "../../storage/element-count.ts";
import { componentsOf } from "../../storage/value-array.ts";
import { peek } from "../bytes/byte-input.ts";
import { type DenseTensor, makeValues } from "../dense-tensor.ts";
import { byteFault, quote } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { decodeElements, type ElementType, fieldOf, parseElementType } from "./element-type.ts";
import { LONGEST_NPY_HEADER, type NpyHeader, parseNpyHeader } from "./npy-header.ts";

const FIRST_ROOM = 2 ** 16;

/**
 * Reads a `.npy` array of booleans, integers, floats or complex numbers, in either byte order and either mode order.
 *
 * Elements that need no conversion become the result in place; others are converted once, so memory stays below twice
 * the result for the common types and below three times what the elements take in the file for all.
 *
 * @throws {TensorError} as {@link parseNpyHeader} says; `file-truncated` and `file-malformed` if there are fewer or more
 *   elements than the shape says; `value-range` for integers beyond 2^53 and non-finite values that are not allowed.
 */
export async function readNpy(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  context: ReadContext,
): Promise<TensorContents> {
  const { head, chunks: all } = await peek(chunks, LONGEST_NPY_HEADER);
  const header = parseNpyHeader(head, context.file);
  const type = elementTypeOf(header, context);
  const elements = elementCount(header.shape);
  if (elements > context.maximumEntries) {
    throw byteFault(
      "too-large",
      { file: context.file, offset: 0 },
      `${elements} elements are more than ${context.maximumEntries}, the limit set for reading`,
    );
  }
  const body = await collectBody(all, { header, size: elements * type.size }, context);
  const dense = decode(header, type, { elements, bytes: body.bytes }, context);
  const variant = `${header.descriptor}${header.fortranOrder ? " fortran" : ""}`;
  const { shape, valueType } = dense;
  const described = {
    format: "npy",
    variant,
    shape,
    field: fieldOf(type),
    symmetry: "general",
    valueType,
    storedEntries: elements,
  } as const;
  const cost = { bytes: body.fileBytes, largestCarry: 0, allocatedBytes: body.allocatedBytes };
  return { header: described, dense, cost };
}

function elementTypeOf({ descriptor }: NpyHeader, context: ReadContext): ElementType {
  const type = parseElementType(descriptor);
  if (type !== undefined) return type;
  const message = `elements of type ${quote(descriptor)}; booleans, integers, floats of up to 8 and complex numbers of up to 16 bytes are read`;
  throw byteFault("file-unsupported", { file: context.file, offset: 0 }, message);
}

interface Body {
  /** Exactly the elements, at the start of a buffer of their own. */
  readonly bytes: Uint8Array;
  readonly fileBytes: number;
  readonly allocatedBytes: number;
}

async function collectBody(
  chunks: AsyncIterable<Uint8Array>,
  { header, size }: { readonly header: NpyHeader; readonly size: number },
  context: ReadContext,
): Promise<Body> {
  const { file, expectedBytes = 0 } = context;
  let bytes = room(Math.min(size, Math.max(FIRST_ROOM, expectedBytes)));
  let allocatedBytes = bytes.length;
  let count = 0;
  let fileBytes = 0;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.max(0, header.bodyOffset - fileBytes));
    fileBytes += chunk.length;
    if (count + piece.length > size) {
      const place = { file, offset: header.bodyOffset + size };
      throw byteFault(
        "file-malformed",
        place,
        `the file goes on behind the ${size} bytes that its shape [${header.shape.join(", ")}] takes`,
      );
    }
    if (count + piece.length > bytes.length) {
      const wider = room(Math.min(size, Math.max(2 * bytes.length, count + piece.length)));
      wider.set(bytes.subarray(0, count));
      bytes = wider;
      allocatedBytes += wider.length;
    }
    bytes.set(piece, count);
    count += piece.length;
  }
  if (count < size) {
    throw byteFault(
      "file-truncated",
      { file, offset: fileBytes },
      `the file ends after ${count} of the ${size} bytes of its elements`,
    );
  }
  return { bytes, fileBytes, allocatedBytes };
}

function room(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new TensorError("too-large", `no memory for ${length} bytes of elements`, { cause });
  }
}

function decode(
  header: NpyHeader,
  type: ElementType,
  body: { elements: number; bytes: Uint8Array },
  context: ReadContext,
): DenseTensor {
  const { valueType, values, inexact } = decodeElements(type, body.bytes, body.elements);
  const fault = (index: number, message: string): TensorError => {
    const element = Math.floor(index / componentsOf(valueType));
    return byteFault("value-range", { file: context.file, offset: header.bodyOffset + element * type.size }, message);
  };
  if (inexact >= 0) throw fault(inexact, `element ${inexact} is an integer beyond 2^53, which cannot be kept exactly`);
  if (!context.allowNonFinite && type.kind !== "i") {
    for (let index = 0; index < values.length; index++) {
      if (!Number.isFinite(values[index]!))
        throw fault(index, `the value is ${values[index]}; non-finite values must be allowed expressly`);
    }
  }
  const { shape } = header;
  const array = { shape, valueType, values };
  return header.fortranOrder && shape.length > 1 ? rowMajor(array) : array;
}

/** Elements given with the first mode fastest, brought into row-major order. */
function rowMajor({ shape, valueType, values }: DenseTensor): DenseTensor {
  const parts = componentsOf(valueType);
  const elements = values.length / parts;
  const sorted = makeValues(valueType, elements);
  const strides = shape.map((_, mode) => elementCount(shape.slice(0, mode)));
  const current = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < elements; to++) {
    for (let part = 0; part < parts; part++) sorted[to * parts + part] = values[from * parts + part]!;
    for (let mode = shape.length - 1; mode >= 0; mode--) {
      from += strides[mode]!;
      if (++current[mode]! < shape[mode]!) break;
      from -= strides[mode]! * shape[mode]!;
      current[mode] = 0;
    }
  }
  return { shape, valueType, values: sorted };
}
