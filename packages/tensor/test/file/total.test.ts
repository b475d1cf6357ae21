import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkCoordinateList,
  joinBytes,
  readTensorFile,
  TensorError,
  writeNpy,
  writeNpz,
  writeSparseNpz,
} from "../../src/index.ts";
import { bytesOf, pieces } from "./support/read-text.ts";

const seed = 20254;
const limits = { maximumEntries: 100_000, maximumExpandedBytes: 1_000_000, maximumLineBytes: 10_000 };

/** Reads bytes of any kind: either a list that is whole comes out, or a fault that names the file. */
async function outcome(bytes: Uint8Array, name: string): Promise<"read" | "refused"> {
  try {
    const { list, header } = await readTensorFile(bytes, { name, ...limits });
    checkCoordinateList(list);
    expect(list.shape).toEqual(header.shape);
    return "read";
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    expect(error.message.startsWith(name)).toBe(true);
    return "refused";
  }
}

const dense = { shape: [2, 3], valueType: "float64", values: Float64Array.of(1, 0, 2.5, -3, 0, 1e-9) } as const;
const list = {
  shape: [3, 4],
  coordinates: [Int32Array.of(0, 2), Int32Array.of(3, 1)],
  valueType: "float32",
  values: Float32Array.of(1, 2),
} as const;

/** One small good file of each kind. */
const samples: readonly (readonly [string, Uint8Array])[] = [
  ["real.mtx", bytesOf("%%MatrixMarket matrix coordinate real general\n% r\n3 4 3\n1 2 1.5\n3 4 -2e3\r\n2 2 7\n")],
  ["skew.mtx", bytesOf("%%MatrixMarket matrix coordinate integer skew-symmetric\n4 4 2\n2 1 3\n4 3 -5\n")],
  ["hermitian.mtx", bytesOf("%%MatrixMarket matrix coordinate complex hermitian\n3 3 2\n2 1 3 4\n3 3 5 0\n")],
  ["pattern.mtx", bytesOf("%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n")],
  ["array.mtx", bytesOf("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n")],
  ["frostt.tns", bytesOf("# c\n1 2 3 4.5\n2 1 1 1\n")],
  ["parti.tns", bytesOf("3\n2 2 3\n1 2 3 4.5\n2 1 1 1\n")],
  ["genten.tns", bytesOf("sptensor\n3\n2 2 3\n2\n0 1 2 4.5\n1 0 0 1\n")],
  ["layer.smtx", bytesOf("% c\n3, 4, 4\n0 2 2 4\n1 3 0 2\n")],
  ["array.npy", writeNpy(dense)],
  ["arrays.npz", writeNpz({ only: dense })],
  ["stored.npz", writeNpz({ only: dense }, { compress: false })],
  ["sparse.npz", writeSparseNpz(list)],
  [
    "real.mtx.gz",
    new Uint8Array(gzipSync("%%MatrixMarket matrix coordinate real general\n3 4 1\n1 2 1.5\n", { level: 9 })),
  ],
];

describe("reading anything", () => {
  it.each(samples)("%s is read whole", async (name, bytes) => {
    expect(await outcome(bytes, name)).toBe("read");
  });

  it.each(samples)("%s cut short at any byte is read or refused", async (name, bytes) => {
    const outcomes = [];
    for (let length = 0; length < bytes.length; length++) outcomes.push(await outcome(bytes.subarray(0, length), name));
    // Text may be cut behind a digit; of the others every byte counts.
    expect(outcomes).toContain("refused");
    if (/npy|npz|gz/.test(name)) expect(outcomes).not.toContain("read");
  });

  it.each(samples)("%s with bytes overwritten is read or refused", async (name, bytes) => {
    const change = fc.tuple(
      fc.nat({ max: bytes.length - 1 }),
      fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(10, 32, 45, 48, 57, 255)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const broken = bytes.slice();
        for (const [at, byte] of changes) broken[at] = byte;
        await outcome(broken, name);
      }),
      { seed, numRuns: 400 },
    );
  });

  it.each(samples)("%s with pieces repeated, dropped or put in is read or refused", async (name, bytes) => {
    const cut = fc.nat({ max: bytes.length });
    const filler = fc.oneof(
      fc.uint8Array({ maxLength: 9 }),
      fc.constantFrom("9".repeat(30), "-1 ", "\n\n", "0 ", "nan ", "1e999 ").map(bytesOf),
    );
    await fc.assert(
      fc.asyncProperty(cut, cut, filler, async (from, to, put) => {
        await outcome(joinBytes([bytes.subarray(0, from), put, bytes.subarray(to)]), name);
      }),
      { seed, numRuns: 300 },
    );
  });

  it("random bytes under any name are refused or read", async () => {
    const names = samples.map(([name]) => name);
    const magic = fc.constantFrom(
      "",
      "\x1f\x8b\x08\0\0\0\0\0\0\x03",
      "PK\x03\x04",
      "\x93NUMPY\x01\0",
      "%%MatrixMarket matrix ",
      "sptensor\n",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        magic,
        fc.uint8Array({ maxLength: 200 }),
        async (name, start, tail) => {
          await outcome(joinBytes([bytesOf(start), tail]), name);
        },
      ),
      { seed, numRuns: 3000 },
    );
  });

  it("random words in place of a body are refused or read", async () => {
    const word = fc.constantFrom(
      "1",
      "2",
      "3",
      "0",
      "-1",
      "4294967297",
      "1.5",
      "1e400",
      "nan",
      "%",
      "#",
      "x",
      "\n",
      "\r\n",
      "\t",
      "1 1 1\n",
      "2 2 2\n",
    );
    const head = fc.constantFrom(
      "%%MatrixMarket matrix coordinate real general\n",
      "%%MatrixMarket matrix coordinate complex hermitian\n3 3 ",
      "%%MatrixMarket matrix array integer symmetric\n",
      "sptensor\n",
      "3\n",
      "",
    );
    const name = fc.constantFrom("a.mtx", "a.tns", "a.smtx");
    await fc.assert(
      fc.asyncProperty(name, head, fc.array(word, { maxLength: 30 }), async (called, start, words) => {
        await outcome(bytesOf(start + words.join(" ")), called);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it("reads or refuses alike in pieces of any size", async () => {
    const change = fc.tuple(
      fc.constantFrom(...samples),
      fc.nat({ max: 300 }),
      fc.nat({ max: 255 }),
      fc.integer({ min: 1, max: 40 }),
    );
    const attempt = async (input: Parameters<typeof readTensorFile>[0], name: string): Promise<unknown> => {
      try {
        return (await readTensorFile(input, { name, ...limits })).list;
      } catch (error) {
        return (error as TensorError).code;
      }
    };
    await fc.assert(
      fc.asyncProperty(change, async ([[name, bytes], at, byte, size]) => {
        const broken = bytes.slice();
        broken[at % bytes.length] = byte;
        expect(await attempt(pieces(broken, [size]), name)).toEqual(await attempt(broken, name));
      }),
      { seed, numRuns: 800 },
    );
  });
});
