import { describe, expect, it } from "vitest";
import { readTensorFile } from "../../src/index.ts";
import { bytesOf, faultOf, pieces, readText, rowsOf } from "./support/read-text.ts";

/** A file of `lines` equal lines behind a header, in chunks of some 64 KiB that are never together in memory. */
async function* repeated(header: string, line: string, lines: number): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytesOf(header);
  // A prime number of bytes, so that the chunks cut lines at every place.
  const block = bytesOf(line.repeat(Math.ceil(65_537 / line.length) + 1));
  let left = line.length * lines;
  for (let at = 0; left > 0; at = (at + 65_537) % line.length) {
    const size = Math.min(65_537, left);
    yield block.subarray(at, at + size);
    left -= size;
  }
}

describe("memory while reading", () => {
  it("streams 100 MB of Matrix Market in less than three times the result, holding over less than a line", async () => {
    const line = "123456 654321 1.2345678901234567e-03\n";
    const lines = Math.ceil(100e6 / line.length);
    const header = `%%MatrixMarket matrix coordinate real general\n1000000 1000000 ${lines}\n`;
    const { list, cost } = await readTensorFile(repeated(header, line, lines), { name: "large.mtx" });
    expect(cost.bytes).toBeGreaterThan(100e6);
    expect(cost.largestCarry).toBeLessThanOrEqual(line.length);
    const resultBytes = list.values.byteLength + list.coordinates[0]!.byteLength + list.coordinates[1]!.byteLength;
    expect(resultBytes).toBe(lines * 16);
    // All arrays ever made, the abandoned ones too: halves of halves add up to the last one before it.
    expect(cost.allocatedBytes).toBeLessThan(3 * resultBytes + 1e6);
    expect(new Set(list.values)).toEqual(new Set([1.2345678901234567e-3]));
    expect(list.coordinates.map((array) => [array[0], array[lines - 1]])).toEqual([
      [123455, 123455],
      [654320, 654320],
    ]);
  });

  it("makes room once where all bytes are there", async () => {
    const text = `%%MatrixMarket matrix coordinate pattern general\n9 9 5000\n${"1 1\n".repeat(5000)}`;
    expect((await readText("a.mtx", text)).cost.allocatedBytes).toBe(5000 * 8);
  });

  it.each(["a.mtx", "a.tns"])("makes no words of a line that is no header (%s)", async (name) => {
    const fault = await faultOf(
      readText(name, `${name === "a.mtx" ? "%%MatrixMarket " : ""}${"1 ".repeat(1_000_000)}\n`),
    );
    expect(fault).toMatch(
      new RegExp(`^too-large \\| ${name}:1:1: a line of 20000\\d\\d bytes in the header is longer than 65536`),
    );
  });

  it("takes memory for three entries, not for a billion rows", async () => {
    const text =
      "%%MatrixMarket matrix coordinate real general\n1000000000 1000000000 3\n1 1 1\n1000000000 1 2\n1 1000000000 3\n";
    const { list, cost } = await readText("wide.mtx", text);
    expect(rowsOf(list)).toEqual([
      [0, 0, 1],
      [999_999_999, 0, 2],
      [0, 999_999_999, 3],
    ]);
    expect(cost.allocatedBytes).toBeLessThan(1000);
  });

  it.each([
    ["bytes", (text: string) => bytesOf(text)],
    ["a stream", (text: string) => pieces(bytesOf(text), [1000])],
  ])("makes no room for what a header promises and %s do not hold", async (_, input) => {
    const before = process.memoryUsage().arrayBuffers;
    const promises = [
      ["a.mtx", "%%MatrixMarket matrix coordinate complex general\n2147483647 2147483647 268435456\n1 1 1 1\n"],
      ["a.mtx", "%%MatrixMarket matrix array real general\n16384 16384\n1\n"],
      ["a.tns", "sptensor\n3\n2147483647 2147483647 2147483647\n268435456\n0 0 0 1\n"],
      ["a.smtx", "2147483646, 2147483647, 268435456\n0 1\n"],
      [
        "a.npy",
        "\x93NUMPY\x01\0\x47\0{'descr': '<c16', 'fortran_order': False, 'shape': (16384, 16384), }  \n12345678",
      ],
    ] as const;
    const peaks: number[] = [];
    for (const [name, text] of promises) {
      expect(await faultOf(readTensorFile(input(text), { name }))).toMatch(/^file-truncated/);
      peaks.push(process.memoryUsage().arrayBuffers - before);
    }
    expect(Math.max(...peaks)).toBeLessThan(4e6);
  });
});
