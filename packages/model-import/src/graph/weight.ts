/** Constant tensors of a model: what they are at once, their bytes only when asked for. */

import type { Dtype } from "./dtype.ts";
import type { Place } from "./place.ts";

/** Bytes that can be read from any position, such as an open file; reading past the end is the caller's fault. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** `length` bytes from `offset` on, at once or later. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A run of bytes that one or more weights view; two weights on one storage share the object. */
export interface Storage {
  /** Length in bytes. */
  readonly bytes: number;
  /** The bytes; read once and kept while anybody holds them. */
  load(): Promise<Uint8Array>;
}

/** A constant tensor: a strided view of a storage. */
export interface Weight {
  readonly dtype: Dtype;
  /** Outermost first. */
  readonly shape: readonly number[];
  /** In elements, parallel to `shape`. */
  readonly strides: readonly number[];
  /** Elements of the storage before the first one. */
  readonly offset: number;
  readonly storage: Storage;
  readonly place: Place;
  /** The stored number q stands for q * scale + minimum; only in quantised TensorFlow.js shards. */
  readonly quantization?: { readonly stored: "u8" | "u16" | "f16"; readonly scale: number; readonly minimum: number };
  /**
   * Coordinates of a sparse constant, `[entries, rank]` as numbers; `shape` then is the dense shape, the storage holds the
   * values of the entries, and `strides` is empty.
   */
  readonly sparse?: { readonly coordinates: Storage; readonly entries: number; readonly linear: boolean };
}

/** A storage over bytes in memory. */
export function storedBytes(bytes: Uint8Array): Storage {
  return { bytes: bytes.length, load: () => Promise.resolve(bytes) };
}

/** A storage that `load` fetches once; the bytes are dropped when nobody holds them, and fetched again if need be. */
export function lazyStorage(bytes: number, load: () => Uint8Array | Promise<Uint8Array>): Storage {
  let kept: WeakRef<Uint8Array> | undefined;
  let pending: Promise<Uint8Array> | undefined;
  return {
    bytes,
    load: async () => {
      const held = kept?.deref();
      if (held !== undefined) return held;
      pending ??= Promise.resolve(load());
      try {
        const fresh = await pending;
        kept = new WeakRef(fresh);
        return fresh;
      } finally {
        pending = undefined;
      }
    },
  };
}

/** Bytes in memory as a source to read from. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** The strides of a tensor that is stored densely, innermost dimension last. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= Math.max(1, shape[axis] as number);
  }
  return strides;
}

/** The number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
