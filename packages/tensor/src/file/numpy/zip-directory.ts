/**
 * The directory of a zip archive held in memory.
 *
 * Only what NumPy writes is read: stored and deflated members, with zip64 sizes. The central directory alone is believed.
 */
import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { byteFault, quote } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import type { ZipMember } from "./zip-member.ts";

const END_OF_DIRECTORY = 0x06054b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 65535;
/** Deflate turns one byte into at most this many. */
const LARGEST_EXPANSION = 1032;
const MOST_MEMBERS = 65535;

/** Whether these first bytes of a file are those of a zip archive (an empty one included). */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/**
 * Lists an archive's members by name.
 *
 * @throws {TensorError} `file-malformed`, `file-unsupported` (encryption, other methods), `too-large` if the members
 *   together expand beyond the limit.
 */
export function readZipDirectory(bytes: Uint8Array, context: ReadContext): Map<string, ZipMember> {
  return new ZipReader(bytes, context).members();
}

class ZipReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #context: ReadContext;

  constructor(bytes: Uint8Array, context: ReadContext) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#context = context;
  }

  members(): Map<string, ZipMember> {
    const { count, offset } = this.#findDirectory();
    if (count > MOST_MEMBERS) throw this.#fault("too-large", offset, `${count} members are more than ${MOST_MEMBERS}`);
    const members = new Map<string, ZipMember>();
    let at = offset;
    let total = 0;
    for (let index = 0; index < count; index++) {
      this.#need(at, 46, "an entry of the directory");
      if (this.#u32(at) !== DIRECTORY_ENTRY)
        throw this.#fault("file-malformed", at, "expected an entry of the zip directory");
      const nameLength = this.#u16(at + 28);
      const extraLength = this.#u16(at + 30);
      const length = 46 + nameLength + extraLength + this.#u16(at + 32);
      this.#need(at, length, "an entry of the directory");
      const member = this.#member(at, nameLength, extraLength);
      if (members.has(member.name))
        throw this.#fault("file-malformed", at, `two members are named ${quote(member.name)}`);
      total += member.size;
      if (total > this.#context.maximumExpandedBytes) {
        throw this.#fault(
          "too-large",
          at,
          `the members expand to more than ${this.#context.maximumExpandedBytes} bytes, the limit set for reading`,
        );
      }
      members.set(member.name, member);
      at += length;
    }
    return members;
  }

  #findDirectory(): { count: number; offset: number } {
    const lowest = Math.max(0, this.#bytes.length - END_SIZE - LONGEST_COMMENT);
    for (let at = this.#bytes.length - END_SIZE; at >= lowest; at--) {
      if (this.#u32(at) !== END_OF_DIRECTORY || at + END_SIZE + this.#u16(at + 20) !== this.#bytes.length) continue;
      const count = this.#u16(at + 10);
      const offset = this.#u32(at + 16);
      if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
      const locator = at - 20;
      if (locator < 0 || this.#u32(locator) !== ZIP64_LOCATOR) return { count, offset };
      const end = this.#u64(locator + 8);
      this.#need(end, 56, "the zip64 end of the directory");
      if (this.#u32(end) !== ZIP64_END)
        throw this.#fault("file-malformed", end, "expected the zip64 end of the directory");
      return { count: this.#u64(end + 32), offset: this.#u64(end + 48) };
    }
    throw this.#fault(
      "file-truncated",
      this.#bytes.length,
      "no end of a zip directory: the file is cut short or no zip archive",
    );
  }

  #member(at: number, nameLength: number, extraLength: number): ZipMember {
    const name = this.#name(at + 46, nameLength);
    const method = this.#u16(at + 10);
    if (this.#u16(at + 8) & 1) throw this.#fault("file-unsupported", at + 8, `member ${quote(name)} is encrypted`);
    if (method !== 0 && method !== 8)
      throw this.#fault(
        "file-unsupported",
        at + 10,
        `member ${quote(name)} uses compression method ${method}; 0 and 8 are read`,
      );
    const { size, packed, local } = this.#zip64Fields(at, at + 46 + nameLength, extraLength);
    const offset = this.#dataStart(local, name);
    this.#need(offset, packed, `the data of member ${quote(name)}`);
    if (method === 0 ? size !== packed : size > packed * LARGEST_EXPANSION) {
      throw this.#fault(
        "file-malformed",
        at + 20,
        `member ${quote(name)} cannot expand from ${packed} to ${size} bytes`,
      );
    }
    const bytes = this.#bytes.subarray(offset, offset + packed);
    return { name, size, packed: bytes, offset, deflated: method === 8, crc: this.#u32(at + 16) };
  }

  /** Sizes and place of a member; those that read FFFFFFFF stand, in this order, in the zip64 extra field. */
  #zip64Fields(at: number, extraStart: number, extraLength: number): { size: number; packed: number; local: number } {
    const fields = [this.#u32(at + 24), this.#u32(at + 20), this.#u32(at + 42)];
    let here = extraStart;
    const extraEnd = extraStart + extraLength;
    while (here + 4 <= extraEnd) {
      const kind = this.#u16(here);
      const end = Math.min(extraEnd, here + 4 + this.#u16(here + 2));
      here += 4;
      for (let field = 0; kind === 1 && field < 3; field++) {
        if (fields[field] !== 0xffffffff || here + 8 > end) continue;
        fields[field] = this.#u64(here);
        here += 8;
      }
      here = end;
    }
    const [size, packed, local] = fields as [number, number, number];
    return { size, packed, local };
  }

  #dataStart(local: number, name: string): number {
    this.#need(local, 30, `the header of member ${quote(name)}`);
    if (this.#u32(local) !== LOCAL_HEADER)
      throw this.#fault("file-malformed", local, `expected the header of member ${quote(name)}`);
    return local + 30 + this.#u16(local + 26) + this.#u16(local + 28);
  }

  #name(at: number, length: number): string {
    const name = new TextDecoder().decode(this.#bytes.slice(at, at + length));
    // Nothing is ever written under these names, but no archive of arrays has cause to hold such ones.
    const hostile = /[\p{Cc}\\]|^\/|(^|\/)\.\.(\/|$)/u.test(name) || name === "";
    if (hostile) throw this.#fault("file-malformed", at, `a member is named ${quote(name)}`);
    return name;
  }

  #need(at: number, length: number, what: string): void {
    if (at + length > this.#bytes.length)
      throw this.#fault("file-truncated", this.#bytes.length, `the file ends within ${what} (at byte ${at})`);
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  #u64(at: number): number {
    return this.#u32(at) + this.#u32(at + 4) * 2 ** 32;
  }

  #fault(code: TensorErrorCode, offset: number, message: string): TensorError {
    return byteFault(code, { file: this.#context.file, offset }, message);
  }
}
