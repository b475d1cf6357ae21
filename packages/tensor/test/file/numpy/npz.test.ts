import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { openNpz, readTensorFile, type TensorFile, writeNpy, writeNpz } from "../../../src/index.ts";
import { refusal } from "../../support/refusal.ts";
import { bytesOf, faultOf, rowsOf } from "../support/read-text.ts";

const folder = new URL("../../data/files/numpy/", import.meta.url);

function load(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

function read(bytes: Uint8Array, options = {}): Promise<TensorFile> {
  return readTensorFile(bytes, { name: "a.npz", ...options });
}

const array = { shape: [2], valueType: "int32", values: Int32Array.of(7, -7) } as const;

/** An archive with a byte changed. */
function changed(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = byte;
  return copy;
}

describe("reading .npz archives that NumPy wrote", () => {
  it.each(["stored.npz", "deflated.npz"])("%s gives each array by its name", async (name) => {
    const archive = openNpz(load(name), { name });
    expect(archive.names).toEqual(["first", "second"]);
    const { dense } = await archive.read("second");
    expect(Array.from(dense.values)).toEqual([0.5, -0, 65504, 6e-8, 0.1, -2]);
    const first = await read(load(name), { array: "first" });
    expect(first.dense!.values.slice(0, 3)).toEqual(Int32Array.of(0, 1, 2));
    expect(first.header.format).toBe("npz");
  });

  it("gives the only array of an archive without a name", async () => {
    expect((await read(load("single.npz"))).header.shape).toEqual([2, 3]);
  });

  it("is asked for by array alone: other files have none", async () => {
    const text = new TextEncoder().encode("1 1 2.5\n");
    const reading = readTensorFile(text, { name: "a.tns", array: "x" });
    await expect(reading).rejects.toThrow('a.tns: is no .npz archive, so it has no array "x"');
  });

  it("asks for a name where there are several arrays, and lists them", async () => {
    expect(await faultOf(read(load("stored.npz")))).toBe(
      'file-unsupported | a.npz: the archive holds "first", "second"; name the one to read',
    );
    expect(await faultOf(read(load("stored.npz"), { array: "third" }))).toBe(
      'file-malformed | a.npz: no array named "third"; there are: "first", "second"',
    );
  });
});

describe("reading sparse matrices that SciPy wrote", () => {
  it.each(["coo", "csr", "csc"])("gives the entries of a %s matrix", async (format) => {
    const { list, header } = await read(load(`sparse-${format}.npz`));
    expect(header).toMatchObject({ shape: [4, 6], storedEntries: 4, variant: `${format} <f8` });
    expect(rowsOf(list).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)).toEqual([
      [0, 4, -2],
      [2, 2, 3.25],
      [3, 0, 4],
      [3, 1, 1.5],
    ]);
  });

  it("refuses the formats it cannot read by name", async () => {
    expect(await faultOf(read(load("sparse-bsr.npz")))).toBe(
      'file-unsupported | a.npz: a sparse matrix in format "bsr"; coo, csr and csc are read',
    );
  });

  it.each([
    ["indices outside", { indices: [9, 0] }, "coordinate-range | a.npz: element 0 of indices is 9, outside 0 .. 2"],
    [
      "pointers that fall",
      { indptr: [0, 2, 1] },
      "file-malformed | a.npz: element 2 of indptr is 1; it must rise from 0 to 2, the number of values",
    ],
    ["too few pointers", { indptr: [0, 2] }, "file-malformed | a.npz: indptr has 2 elements, not 3"],
    ["too few indices", { indices: [1] }, "file-malformed | a.npz: indices has 1 elements, but there are 2 values"],
    [
      "a shape of three modes",
      { shape: [2, 3, 4] },
      "file-malformed | a.npz: the shape [2, 3, 4] is not that of a matrix",
    ],
  ])("refuses %s", async (_, part, fault) => {
    const parts: Record<string, number[]> = {
      shape: [2, 3],
      indptr: [0, 1, 2],
      indices: [0, 2],
      data: [5, 6],
      ...part,
    };
    const arrays = Object.entries(parts).map(
      ([name, values]) =>
        [name, { shape: [values.length], valueType: "int32", values: Int32Array.from(values) }] as const,
    );
    const archive = writeNpz(Object.fromEntries([...arrays, ["format", formatMarker()]]), { compress: false });
    expect(await faultOf(read(asText(archive)))).toBe(fault);
  });
});

/** Stands for the string "csr", whose bytes {@link asText} relabels: the writer has no string arrays of its own. */
function formatMarker(): { shape: []; valueType: "int32"; values: Int32Array } {
  return { shape: [], valueType: "int32", values: Int32Array.of(0x00727363) };
}

/** Turns the `<i4` scalar of {@link formatMarker} into `|S4`, check sums included. */
function asText(archive: Uint8Array): Uint8Array {
  const start = find(archive, "format.npy") + "format.npy".length;
  const member = archive.slice(start, start + 128 + 4);
  const before = crc(member);
  member.set(bytesOf("|S4"), find(member, "<i4"));
  const patched = archive.slice();
  patched.set(member, start);
  for (let at = 0; at + 4 <= patched.length; at++) {
    const view = new DataView(patched.buffer, at, 4);
    if (view.getUint32(0, true) === before) view.setUint32(0, crc(member), true);
  }
  return patched;
}

function find(bytes: Uint8Array, text: string): number {
  return String.fromCharCode(...bytes).indexOf(text);
}

function crc(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

describe("names of members", () => {
  it("may be in any script", async () => {
    const bytes = writeNpz({ größe: array, 大きさ: array });
    expect(openNpz(bytes, { name: "a.npz" }).names).toEqual(["größe", "大きさ"]);
    expect((await read(bytes, { array: "大きさ" })).dense!.values).toEqual(array.values);
  });
});

describe("damaged archives", () => {
  const stored = writeNpz({ array }, { compress: false });
  const deflated = writeNpz({ array });
  const data = find(stored, "array.npy") + "array.npy".length;

  it("are refused where a byte of the data is wrong", async () => {
    expect(await faultOf(read(changed(stored, data + 130, 99)))).toMatch(
      /^file-malformed \| a\.npz: at byte \d+: member "array\.npy" fails its check sum/,
    );
    for (let at = data; at < data + 20; at++) {
      expect(await faultOf(read(changed(deflated, at, deflated[at]! ^ 255)))).toMatch(
        /^file-malformed \| a\.npz: at byte \d+: member "array\.npy"/,
      );
    }
  });

  it("are refused where names are hostile, twice there or missing", async () => {
    const archive = writeNpz({ aa: array, bb: array }, { compress: false });
    const renamed = (from: string, to: string): Uint8Array =>
      bytesOf(String.fromCharCode(...archive).replaceAll(from, to));
    expect(await faultOf(read(renamed("bb.npy", "aa.npy")))).toMatch(/two members are named "aa\.npy"/);
    for (const name of ["../aaa", "/a.npy", "a\\.npy", "\0a.npy"]) {
      expect(await faultOf(read(renamed("bb.npy", name.padEnd(6, "x").slice(0, 6))))).toMatch(
        /^file-malformed \| a\.npz: at byte \d+: a member is named/,
      );
    }
    expect(await faultOf(read(writeNpz({})))).toBe(
      "file-unsupported | a.npz: the archive holds no array; name the one to read",
    );
  });

  it("are refused where a member cannot expand to what it claims", async () => {
    const claim = deflated.slice();
    const directory = find(deflated, "PK\x01\x02");
    new DataView(claim.buffer).setUint32(directory + 24, 500_000_000, true);
    expect(await faultOf(read(claim))).toMatch(/member "array\.npy" cannot expand from \d+ to 500000000 bytes/);
  });

  it("are refused where the members together expand beyond the limit", async () => {
    const big = writeNpz({ a: { shape: [100_000], valueType: "int32", values: new Int32Array(100_000) } });
    expect(big.length).toBeLessThan(2000);
    expect(await faultOf(read(big, { maximumExpandedBytes: 100_000 }))).toMatch(
      /^too-large \| a\.npz: at byte \d+: the members expand to more than 100000 bytes/,
    );
  });

  it("are refused at the first byte too many, without expanding the rest", async () => {
    const header = writeNpy(array);
    const bomb = new Uint8Array(2 ** 28);
    bomb.set(header);
    const packed = zipSync({ "a.npy": [bomb, { level: 9 }] });
    const before = process.memoryUsage().arrayBuffers;
    expect(await faultOf(read(packed))).toMatch(
      /^file-malformed \| a\.npz:a\.npy: at byte \d+: the file goes on behind the 8 bytes/,
    );
    // A step of the inflater, not the 256 MiB that the member claims.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });

  it("are refused where they are encrypted or use an unknown method", async () => {
    const directory = find(stored, "PK\x01\x02");
    expect(await faultOf(read(changed(stored, directory + 8, 1)))).toMatch(/is encrypted$/);
    expect(await faultOf(read(changed(stored, directory + 10, 12)))).toMatch(
      /uses compression method 12; 0 and 8 are read$/,
    );
  });
});

describe("writing arrays", () => {
  it("aligns the elements as NumPy does", () => {
    const bytes = writeNpy({ shape: [3], valueType: "float64", values: new Float64Array(3) });
    expect((bytes.length - 24) % 64).toBe(0);
    expect(bytes.slice(0, 8)).toEqual(load("f8.npy").slice(0, 8));
  });

  it("refuses shapes that the values do not fill, and names that are none", () => {
    expect(refusal("shape-invalid", () => writeNpy({ ...array, shape: [3] }))).toContain("do not fill the shape [3]");
    for (const name of ["", "a/b", "..", "a\0"]) refusal("format-invalid", () => writeNpz({ [name]: array }));
  });
});
