import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { detectFormat, readTensorFile, writeNpy, writeNpz } from "../../src/index.ts";
import { bytesOf, faultOf, readText } from "./support/read-text.ts";

describe("telling formats apart", () => {
  const scalar = { shape: [], valueType: "float64", values: Float64Array.of(1) } as const;

  it("believes the first bytes before the name", () => {
    expect(detectFormat(bytesOf("%%MATRIXMARKET matrix"), "a.tns")).toBe("matrix-market");
    expect(detectFormat(writeNpy(scalar), "a.mtx")).toBe("npy");
    expect(detectFormat(writeNpz({ scalar }), "a.npy")).toBe("npz");
  });

  it("goes by the name, whatever its case and with .gz behind it, where the bytes say nothing", () => {
    const bytes = bytesOf("1 2 3\n");
    const names = ["a.tns", "b.smtx", "dir.mtx/c.TNS.GZ", "d.mtx", "e.npy", "f.npz"];
    expect(names.map((name) => detectFormat(bytes, name))).toEqual([
      "tns",
      "smtx",
      "tns",
      "matrix-market",
      "npy",
      "npz",
    ]);
  });

  it("looks at the first line where the name says nothing either", () => {
    expect(detectFormat(bytesOf("# remark\n# another\n1 2 3\n"), "a")).toBe("tns");
    expect(detectFormat(bytesOf("# remark\r\n# another\r1 2 3\r\n"), "a")).toBe("tns");
    expect(detectFormat(bytesOf("sptensor\n"), "a.txt")).toBe("tns");
    expect(detectFormat(bytesOf("% Sparse matrix file format .smtx\n"), "a")).toBe("smtx");
  });

  it("says what is read where nothing fits", async () => {
    const fault =
      "file-unsupported | a.csv: neither the name nor the first bytes tell the format; Matrix Market (.mtx), .tns, .smtx, .npy and .npz files are read, gzipped or not";
    expect(await faultOf(readText("a.csv", "row,col,value\n"))).toBe(fault);
    expect(await faultOf(readText("a.csv", ""))).toBe(fault);
    expect(await faultOf(readTensorFile(new Uint8Array(gzipSync(gzipSync("1 1 1"))), { name: "a.csv" }))).toBe(fault);
  });

  it("reads as it is told, whatever name and bytes say", async () => {
    expect(await faultOf(readText("a.mtx", "1 2 3\n", { format: "tns" }))).toBe("no fault");
    expect(await faultOf(readText("a.tns", "1 2 3\n", { format: "matrix-market" }))).toBe(
      "file-malformed | a.tns:1:1: a Matrix Market file begins with %%MatrixMarket",
    );
  });

  it("closes the input where nothing fits", async () => {
    let closed = false;
    async function* input(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) yield bytesOf("?".repeat(100));
      } finally {
        closed = true;
      }
    }
    expect(await faultOf(readTensorFile(input(), { name: "a" }))).toMatch(/^file-unsupported/);
    expect(closed).toBe(true);
  });
});
