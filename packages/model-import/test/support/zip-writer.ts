/** Writes zip archives for tests, well formed and otherwise. */
import type { ByteSource } from "../../src/index.ts";

/** A member; `method` 8 says that the bytes are deflated and expand to `expanded`; `virtual` bytes are zeros that are not kept. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly method?: number;
  readonly expanded?: number;
  readonly virtual?: number;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly length: number;
}

const utf8 = new TextEncoder();

function record(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

/** An archive; `shift` moves the offset of the second member, so that it overlaps the first. */
export function zip(members: readonly ZipMember[], options?: { readonly shift?: number }): Uint8Array;
/** An archive as a source that counts the bytes read from it. */
export function zip(
  members: readonly ZipMember[],
  options: { readonly asSource: true },
): { source: ByteSource; read(): number };
export function zip(
  members: readonly ZipMember[],
  options: { readonly shift?: number; readonly asSource?: boolean } = {},
) {
  const pieces: Piece[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const push = (bytes: Uint8Array, length = bytes.length) => {
    pieces.push({ bytes, length });
    at += length;
  };
  for (const [index, { name, bytes, method = 0, expanded, virtual }] of members.entries()) {
    const stored = virtual ?? bytes.length;
    const label = utf8.encode(name);
    const offset = at + (index === 1 ? (options.shift ?? 0) : 0);
    push(
      record(30, (view) => {
        view.setUint32(0, 0x04034b50, true);
        view.setUint16(8, method, true);
        view.setUint32(18, stored, true);
        view.setUint32(22, expanded ?? stored, true);
        view.setUint16(26, label.length, true);
      }),
    );
    push(label);
    push(bytes, stored);
    directory.push(
      record(46, (view) => {
        view.setUint32(0, 0x02014b50, true);
        view.setUint16(10, method, true);
        view.setUint32(20, stored, true);
        view.setUint32(24, expanded ?? stored, true);
        view.setUint16(28, label.length, true);
        view.setUint32(42, offset, true);
      }),
      label,
    );
  }
  const start = at;
  for (const bytes of directory) push(bytes);
  const size = at - start;
  push(
    record(22, (view) => {
      view.setUint32(0, 0x06054b50, true);
      view.setUint16(8, members.length, true);
      view.setUint16(10, members.length, true);
      view.setUint32(12, size, true);
      view.setUint32(16, start, true);
    }),
  );
  return options.asSource === true ? counted(pieces, at) : joined(pieces, at);
}

function joined(pieces: readonly Piece[], size: number): Uint8Array {
  const result = new Uint8Array(size);
  let at = 0;
  for (const { bytes, length } of pieces) {
    result.set(bytes, at);
    at += length;
  }
  return result;
}

function counted(pieces: readonly Piece[], size: number): { source: ByteSource; read(): number } {
  let total = 0;
  const read = (offset: number, length: number) => {
    total += length;
    const result = new Uint8Array(length);
    let start = 0;
    for (const piece of pieces) {
      const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + piece.bytes.length)];
      if (from < to) result.set(piece.bytes.subarray(from - start, to - start), from - offset);
      start += piece.length;
    }
    return result;
  };
  return { source: { size, read }, read: () => total };
}
