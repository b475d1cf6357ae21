import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { joinBytes } from "../../../src/file/bytes/byte-input.ts";
import { crc32 } from "../../../src/file/bytes/crc32.ts";
import { gunzip } from "../../../src/file/bytes/gzip.ts";
import { readContext } from "../../../src/file/read-options.ts";
import { readTensorFile } from "../../../src/index.ts";
import { bytesOf, faultOf, pieces, rowsOf } from "../support/read-text.ts";

const text = `%%MatrixMarket matrix coordinate real general\n40 40 1600\n${Array.from(
  { length: 1600 },
  (_, e) => `${Math.floor(e / 40) + 1} ${(e % 40) + 1} ${Math.sin(e)}\n`,
).join("")}`;

/** Expands bytes fed in pieces of `size`. */
async function expand(
  bytes: Uint8Array,
  size: number,
  options: { maximumExpandedBytes?: number } = {},
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of gunzip(pieces(bytes, [size]), readContext({ name: "a.gz", ...options })))
    chunks.push(chunk);
  return String.fromCharCode(...joinBytes(chunks));
}

describe("crc32", () => {
  it("gives the published check value, whole or in parts", () => {
    expect(crc32(bytesOf("123456789"))).toBe(0xcbf43926);
    expect(crc32(bytesOf("56789"), crc32(bytesOf("1234")))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});

describe("gunzip", () => {
  const packed = new Uint8Array(gzipSync(text));

  it("lets every format be gzipped, whatever the name", async () => {
    const file = await readTensorFile(packed, { name: "a.mtx" });
    expect(file.gzip).toBe(true);
    expect(rowsOf(file.list)[41]).toEqual([1, 1, Math.sin(41)]);
  });

  it("expands the same however the bytes arrive", async () => {
    for (const size of [1, 2, 7, 100, packed.length]) expect(await expand(packed, size)).toBe(text);
  });

  it("expands members one after another, empty ones too", async () => {
    const members = [gzipSync("one "), gzipSync(""), gzipSync("two "), gzipSync("three")].map(
      (member) => new Uint8Array(member),
    );
    for (const size of [1, 3, 1000]) expect(await expand(joinBytes(members), size)).toBe("one two three");
  });

  it("refuses a file cut short at any byte", async () => {
    const short = new Uint8Array(gzipSync("a few words, a few words more"));
    for (let length = 2; length < short.length; length++) {
      for (const size of [1, 1000])
        expect(await faultOf(expand(short.subarray(0, length), size))).toMatch(
          /^file-(truncated|malformed) \| a\.gz: at byte/,
        );
    }
  });

  it("refuses a second member cut short at any byte", async () => {
    const first = new Uint8Array(gzipSync("first"));
    const both = joinBytes([first, new Uint8Array(gzipSync("second"))]);
    for (let length = first.length + 1; length < both.length; length++) {
      expect(await faultOf(expand(both.subarray(0, length), 1000))).toMatch(
        /^file-(truncated|malformed) \| a\.gz: at byte/,
      );
    }
  });

  it("refuses a flipped bit anywhere in the data, the check sum or the length", async () => {
    const short = new Uint8Array(gzipSync("a few words, a few words more"));
    for (let at = 10; at < short.length; at++) {
      const damaged = short.slice();
      damaged[at]! ^= 4;
      expect(await faultOf(expand(damaged, 1000))).toMatch(/^file-(truncated|malformed) \| a\.gz: at byte/);
    }
  });

  it("refuses a tail that is no member", async () => {
    for (const tail of ["\0", "\0\0\0\0\0\0\0\0", "tail of some length"]) {
      expect(await faultOf(expand(joinBytes([packed, bytesOf(tail)]), 1000))).toMatch(
        /^file-malformed \| a\.gz: at byte/,
      );
    }
  });

  it("stops at the limit of what a file may expand to", async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
    const fault = await faultOf(expand(bomb, 1000, { maximumExpandedBytes: 1_000_000 }));
    expect(fault).toMatch(/^too-large \| a\.gz: at byte \d+: the compressed file expands to more than 1000000 bytes/);
  });

  it("closes the source when reading stops at a fault", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) yield bytesOf("not a matrix\n");
      } finally {
        closed = true;
      }
    }
    expect(await faultOf(readTensorFile(source(), { name: "a.mtx" }))).toMatch(/^file-malformed \| a\.mtx:1:1/);
    expect(closed).toBe(true);
  });
});
