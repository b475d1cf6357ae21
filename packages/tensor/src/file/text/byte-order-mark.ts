import { TensorError } from "../../errors.ts";

/**
 * Bytes of a UTF-8 byte order mark at the start of a file: 3 or 0.
 *
 * @throws {TensorError} `file-unsupported` if the file begins with a mark of UTF-16
 */
export function byteOrderMarkLength(head: Uint8Array, file: string): 0 | 3 {
  const [first, second, third] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    const place = { file, offset: 0 };
    throw new TensorError("file-unsupported", `${file}: at byte 0: the text is UTF-16; save it as UTF-8`, { place });
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}
