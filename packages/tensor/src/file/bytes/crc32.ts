const TABLES = makeTables();

/** CRC-32 as gzip and zip use it (reflected polynomial 0xEDB88320), four bytes at a step; `crc` continues an earlier sum. */
export function crc32(bytes: Uint8Array, crc: number = 0): number {
  let sum = ~crc;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    sum ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    sum =
      TABLES[768 + (sum & 255)]! ^
      TABLES[512 + ((sum >>> 8) & 255)]! ^
      TABLES[256 + ((sum >>> 16) & 255)]! ^
      TABLES[sum >>> 24]!;
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ TABLES[(sum ^ bytes[at]!) & 255]!;
  return ~sum >>> 0;
}

/** Table k (256 words each) advances a byte by k more zero bytes than table 0. */
function makeTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    tables[byte] = sum;
  }
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256]!;
    tables[index] = (before >>> 8) ^ tables[before & 255]!;
  }
  return tables;
}
