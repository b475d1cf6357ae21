import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { halfToNumber } from "../../../src/file/numpy/element-type.ts";
import { readTensorFile, type TensorFile, writeNpy } from "../../../src/index.ts";
import { bytesOf, faultOf, pieces, readText } from "../support/read-text.ts";

interface ExpectedArray {
  readonly descriptor: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | readonly number[])[];
}

const folder = new URL("../../data/files/numpy/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<string, ExpectedArray>;

function read(name: string, options = {}): Promise<TensorFile> {
  return readTensorFile(new Uint8Array(readFileSync(new URL(name, folder))), { name, ...options });
}

/** A file of version 1 with this dictionary. */
function npy(dictionary: string, body = ""): string {
  return `\x93NUMPY\x01\0${String.fromCharCode(dictionary.length & 255, dictionary.length >> 8)}${dictionary}${body}`;
}

const plain = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";

describe("reading .npy files that NumPy wrote", () => {
  it.each(Object.entries(expected))(
    "%s holds the values that Python saw",
    async (name, { descriptor, shape, values }) => {
      const { dense, header } = await read(`${name}.npy`);
      expect(dense!.shape).toEqual(shape);
      expect(Array.from(dense!.values)).toEqual(values.flat());
      expect(header.variant.split(" ")[0]).toBe(descriptor);
      expect(header.variant.endsWith(" fortran")).toBe(name.endsWith("fortran"));
    },
  );

  it("keeps floats, halves and small integers in the narrowest type that holds them", async () => {
    const types: Record<string, string> = {};
    for (const name of ["bool", "i1", "u2", "i8", "u4-wide", "i8-wide", "f2", "f4-big", "f8", "c8"]) {
      types[name] = (await read(`${name}.npy`)).header.valueType;
    }
    expect(types).toEqual({
      bool: "int32",
      i1: "int32",
      u2: "int32",
      i8: "int32",
      "u4-wide": "float64",
      "i8-wide": "float64",
      f2: "float32",
      "f4-big": "float32",
      f8: "float64",
      c8: "complex128",
    });
  });

  it("reads the same however the bytes arrive", async () => {
    const bytes = new Uint8Array(readFileSync(new URL("c16-big-fortran.npy", folder)));
    for (const size of [1, 7, 64]) {
      const cut = await readTensorFile(pieces(bytes, [size]), { name: "a.npy" });
      expect(Array.from(cut.dense!.values)).toEqual(expected["c16-big-fortran"]!.values.flat());
    }
  });

  it("leaves the caller's bytes alone", async () => {
    const bytes = writeNpy({ shape: [2], valueType: "float64", values: Float64Array.of(1, 2) });
    const { dense } = await readTensorFile(bytes, { name: "a.npy" });
    bytes.fill(0);
    expect(dense!.values).toEqual(Float64Array.of(1, 2));
  });

  it.each([
    [
      "wide.npy",
      "value-range | wide.npy: at byte 128: element 0 is an integer beyond 2^53, which cannot be kept exactly",
    ],
    ["nan.npy", "value-range | nan.npy: at byte 136: the value is NaN; non-finite values must be allowed expressly"],
    [
      "structured.npy",
      "file-unsupported | structured.npy: at byte 20: structured elements are not read; save one field as an array of its own",
    ],
    ["text.npy", 'file-unsupported | text.npy: at byte 0: elements of type "<U1"'],
  ])("%s is refused", async (name, fault) => {
    expect((await faultOf(read(name))).slice(0, fault.length)).toBe(fault);
  });

  it("reads non-finite values where they are allowed", async () => {
    expect((await read("nan.npy", { allowNonFinite: true })).dense!.values).toEqual(Float64Array.of(1, Number.NaN));
  });
});

describe("halves", () => {
  it("cover zeros, the smallest, the largest, infinities and NaN", () => {
    const bits = [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00];
    expect(bits.map(halfToNumber)).toEqual([
      0,
      -0,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      -2,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });
});

describe("headers of .npy files", () => {
  const one = "\0\0\0\0\0\0\xf0\x3f";

  it("may have keys in any order, either quotes, and Python 2's long integers", async () => {
    const text = npy(`{"shape": (1L,), "descr" : "<f8" ,'fortran_order':True}\n`, one);
    expect((await readText("a.npy", text)).dense).toEqual({
      shape: [1],
      valueType: "float64",
      values: Float64Array.of(1),
    });
  });

  it.each([
    [
      "another magic",
      "\x93NUMPZ\x01\0\0\0",
      "file-malformed | a.npy: at byte 0: a .npy file begins with the bytes 93 4E 55 4D 50 59",
    ],
    [
      "a later version",
      "\x93NUMPY\x04\0\0\0",
      "file-unsupported | a.npy: at byte 6: version 4 of the .npy format; 1, 2 and 3 are read",
    ],
    [
      "a cut header",
      npy(plain).slice(0, 40),
      "file-truncated | a.npy: at byte 40: the file ends within its .npy header",
    ],
    [
      "a huge header",
      "\x93NUMPY\x02\0\xff\xff\xff\xff",
      "file-unsupported | a.npy: at byte 8: a header of 4294967295 bytes is longer than 65536",
    ],
    ["no dictionary", npy("[]"), 'file-malformed | a.npy: at byte 10: expected {, found "[]"'],
    [
      "a missing key",
      npy("{'descr': '<f8', 'shape': ()}"),
      "file-malformed | a.npy: at byte 39: the header needs the keys descr, fortran_order and shape",
    ],
    [
      "an unknown key",
      npy("{'color': 'red'}"),
      `file-malformed | a.npy: at byte 11: the key "color" is unknown or there twice`,
    ],
    [
      "a key twice",
      npy("{'descr': '<f8', 'descr': '<f8'}"),
      `file-malformed | a.npy: at byte 27: the key "descr" is unknown or there twice`,
    ],
    [
      "a negative extent",
      npy("{'shape': (-1,)}"),
      'file-malformed | a.npy: at byte 21: expected an extent, found "-1,)}"',
    ],
    [
      "a huge extent",
      npy("{'shape': (99999999999,)}"),
      'too-large | a.npy: at byte 32: extent "99999999999" is beyond 2147483647, the largest one supported',
    ],
    [
      "code",
      npy("{'shape': __import__('os')}"),
      `file-malformed | a.npy: at byte 20: expected (, found "__import__('os')}"`,
    ],
    ["a tail", npy("{} x"), 'file-malformed | a.npy: at byte 13: expected the end of the header, found "x"'],
    [
      "too many elements",
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999, 99999)}"),
      "too-large | a.npy: at byte 0: 9999800001 elements are more than 268435456, the limit set for reading",
    ],
    [
      "a missing element",
      npy(plain, "1234567"),
      "file-truncated | a.npy: at byte 74: the file ends after 7 of the 8 bytes of its elements",
    ],
    [
      "an element too many",
      npy(plain, "12345678x"),
      "file-malformed | a.npy: at byte 75: the file goes on behind the 8 bytes that its shape [1] takes",
    ],
    [
      "more elements than can be counted",
      npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (${"2147483647,".repeat(40)})}`),
      "too-large | a.npy: at byte 0: Infinity elements are more than 268435456, the limit set for reading",
    ],
    [
      "elements of an empty array",
      npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (${"2147483647,".repeat(40)}0)}`, "12345678"),
      /^file-malformed \| a\.npy: at byte 504: the file goes on behind the 0 bytes that its shape/,
    ],
    ["too many modes", npy(`{'shape': (${"1,".repeat(65)})}`), "too-large | a.npy: at byte 150: more than 64 modes"],
    [
      "an odd element type",
      npy("{'descr': '<f16', 'fortran_order': False, 'shape': ()}"),
      'file-unsupported | a.npy: at byte 0: elements of type "<f16"; booleans, integers, floats of up to 8 and complex numbers of up to 16 bytes are read',
    ],
  ])("are refused for %s", async (_, text, fault) => {
    const reading = readTensorFile(bytesOf(text), { name: "a.npy", format: "npy" });
    if (typeof fault === "string") expect(await faultOf(reading)).toBe(fault);
    else expect(await faultOf(reading)).toMatch(fault);
  });
});
