import { Inflate } from "fflate";
import type { TensorError } from "../../errors.ts";
import { crc32 } from "../bytes/crc32.ts";
import { byteFault, quote } from "../file-fault.ts";

/** Compressed bytes expanded at a time; deflate makes at most 1032 times as many of them. */
const STEP = 2 ** 14;

/** One file of an archive, as the directory describes it. */
export interface ZipMember {
  readonly name: string;
  /** Bytes when expanded. */
  readonly size: number;
  /** Its bytes in the archive. */
  readonly packed: Uint8Array;
  /** Offset of `packed` in the archive. */
  readonly offset: number;
  /** Whether `packed` is deflated; else it is stored as it is. */
  readonly deflated: boolean;
  /** CRC-32 of the expanded bytes. */
  readonly crc: number;
}

/**
 * The bytes of a member, piece by piece, checked: the last piece comes only if the whole has the size and the check sum
 * that the directory says. Of a deflated member no more than 16 MiB are expanded ahead of the reader.
 *
 * @throws {TensorError} `file-malformed` if they are damaged
 */
export function* expandMember(member: ZipMember, file: string): Generator<Uint8Array, void, undefined> {
  let size = 0;
  let crc = 0;
  let last: Uint8Array | undefined;
  for (const piece of member.deflated ? inflate(member, file) : [member.packed]) {
    if (last !== undefined) yield last;
    size += piece.length;
    if (size > member.size) break;
    crc = crc32(piece, crc);
    last = piece;
  }
  if (size !== member.size || crc !== member.crc) {
    throw memberFault(member, file, "fails its check sum: the file is damaged");
  }
  if (last !== undefined) yield last;
}

function* inflate(member: ZipMember, file: string): Generator<Uint8Array, void, undefined> {
  const { packed } = member;
  const pieces: Uint8Array[] = [];
  const inflater = new Inflate((piece) => pieces.push(piece));
  for (let at = 0; at < packed.length; at += STEP) {
    try {
      inflater.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    } catch (cause) {
      throw memberFault(member, file, "is not valid deflate data", cause);
    }
    yield* pieces.splice(0);
  }
}

function memberFault({ name, offset }: ZipMember, file: string, message: string, cause?: unknown): TensorError {
  const fault = byteFault("file-malformed", { file, offset }, `member ${quote(name)} ${message}`);
  if (cause !== undefined) fault.cause = cause;
  return fault;
}
