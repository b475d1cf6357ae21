import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockFormat,
  checkFormat,
  cooFormat,
  csc,
  csfFormat,
  csr,
  dcsc,
  dcsr,
  denseFormat,
  dokFormat,
  formatName,
  formatOf,
  formatProblems,
  levelExtents,
  parseFormat,
  printFormat,
  sameFormat,
  TensorError,
} from "../../src/index.ts";
import { formats } from "../support/arbitraries.ts";
import { refusal } from "../support/refusal.ts";

describe("the text of a format", () => {
  it.each([
    ["ss01", dcsr],
    ["ds01", csr],
    ["ds", csr],
    ["dc", csr],
    ["ds10", csc],
    ["ds:1,0", csc],
    ["ds:10", csc],
    ["ss10", dcsc],
    ["s0", formatOf(["compressed"])],
    ["d", denseFormat(1)],
    ["uq", cooFormat(2)],
    ["ucq", cooFormat(3)],
    ["duc", parseFormat("duq")],
    ["us", formatOf(["compressed-nonunique", "compressed"])],
    ["bh", formatOf(["bitvector", "hashed"])],
    ["none", formatOf([])],
    ["CSR", csr],
    ["DCSC", dcsc],
    ["COO(3)", cooFormat(3)],
    ["BCSR(4x4)", blockFormat(csr, 4, 4)],
    ["BCSC(2x3)", blockFormat(csc, 2, 3)],
    ["BDCSR(8)", blockFormat(dcsr, 8, 8)],
    ["dense(1)", denseFormat(1)],
    ["dense,compressed", csr],
    ["dense, bitmap:1,0", formatOf(["dense", "bitvector"], [1, 0])],
    ["dense,compressed,block(4),block(4):0,1,0,1", blockFormat(csr, 4, 4)],
    ["dense,compressed,block(4),block(4)", blockFormat(csr, 4, 4)],
  ])("reads %s", (text, format) => {
    expect(parseFormat(text)).toEqual(format);
  });

  it.each([
    ["dense", denseFormat(3)],
    ["COO", cooFormat(3)],
    ["CSF", csfFormat(3)],
    ["DOK", dokFormat(3)],
  ])("takes the number of modes for %s from the tensor", (text, format) => {
    expect(parseFormat(text, 3)).toEqual(format);
  });

  it("is read back to the same format after printing", () => {
    for (const order of [0, 1, 2, 4, 12]) {
      fc.assert(
        fc.property(formats(order), (format) => {
          expect(parseFormat(printFormat(format))).toEqual(format);
        }),
        { seed: 5, numRuns: 100 },
      );
    }
  });

  it("never makes the reader fail in any other way than by refusing", () => {
    const noise = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[a-z(),:0-9x]{0,14}$/));
    fc.assert(
      fc.property(noise, fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }), (text, order) => {
        try {
          checkFormat(parseFormat(text, order), order);
        } catch (error) {
          expect(error).toBeInstanceOf(TensorError);
          expect((error as TensorError).code).toBe("format-invalid");
        }
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it.each([
    ["dx", undefined, '"x" at column 2 is not a level letter'],
    ["csr", 2, "did you mean CSR?"],
    ["csc", 2, "3 levels for a tensor of 2 modes; did you mean CSC?"],
    ["CRS", 2, "did you mean CSR?"],
    ["COO", undefined, "needs the number of modes, as in COO(2)"],
    ["COO(99)", undefined, "more than 64 modes"],
    ["BCSR", 2, "needs the block extents, as in BCSR(4x4)"],
    ["Bcsr(2x2)", 2, "did you mean BCSR?"],
    ["BCSR(0x2)", 2, /a block of extent 0; expected an integer from 1 to 65536$/],
    ["d".repeat(65), undefined, "more than 64 modes"],
    [`ds${"0".repeat(100_000)}`, undefined, "more than 64 modes"],
    ["block(4)", undefined, "level 0 stores mode 0; expected a level of its own further out"],
    ["dense,compresed", 2, 'did you mean "compressed"?'],
    ["ds02", 2, "level 1 stores mode 2; expected 0 to 1"],
    ["ds00", 2, "mode 0 is stored by two levels"],
    ["ds0", 2, "2 levels but 1 entries in the mode order"],
    ["", undefined, "is not understood"],
  ])("refuses %j, saying why", (text, order, message) => {
    const found = refusal("format-invalid", () => parseFormat(text, order));
    if (typeof message === "string") expect(found).toContain(message);
    else expect(found).toMatch(message);
  });
});

describe("a legal format", () => {
  it.each([
    [formatOf(["singleton"]), "level 0 is singleton but is outermost"],
    [formatOf(["compressed", "singleton"]), "level 1 is singleton but is below a compressed level"],
    [
      { levels: [{ kind: "block" as const, blockSize: 2 }, { kind: "dense" as const }], modeOrder: [0, 0] },
      "block levels come last",
    ],
    [
      { levels: [{ kind: "dense" as const }, { kind: "block" as const, blockSize: 0 }], modeOrder: [0, 0] },
      "a block of extent 0",
    ],
    [{ levels: [{ kind: "dense" as const, blockSize: 3 }], modeOrder: [0] }, "has a block size of 3"],
    [{ ...blockFormat(csr, 2, 2), modeOrder: [0, 1, 1, 1] }, "mode 1 is stored by two block levels"],
  ])("is not case %#", (format, message) => {
    expect(formatProblems(format).join("; ")).toContain(message);
    expect(refusal("format-invalid", () => checkFormat(format))).toContain(message);
  });

  it("may list coordinates below any level, and put blocks below a list", () => {
    expect(formatProblems(parseFormat("duqq"), 4)).toEqual([]);
    expect(formatProblems(blockFormat(cooFormat(2), 2, 2), 2)).toEqual([]);
  });
});

describe("names", () => {
  it("are those of the field, where it has one", () => {
    const named = [
      csr,
      csc,
      dcsr,
      dcsc,
      cooFormat(3),
      csfFormat(3),
      denseFormat(2),
      dokFormat(2),
      blockFormat(csr, 4, 2),
    ];
    expect(named.map(formatName)).toEqual(["CSR", "CSC", "DCSR", "DCSC", "COO", "CSF", "dense", "DOK", "BCSR(4x2)"]);
    expect(formatName(parseFormat("sd10"))).toBeUndefined();
  });

  it("stand for equal formats only", () => {
    expect(sameFormat(csr, csc)).toBe(false);
    expect(sameFormat(blockFormat(csr, 2, 2), blockFormat(csr, 2, 3))).toBe(false);
    expect(sameFormat(parseFormat("ds"), csr)).toBe(true);
  });
});

it("levels range over blocks, and block levels over the tile", () => {
  expect(levelExtents(blockFormat(csc, 4, 3), [10, 7])).toEqual([3, 3, 4, 3]);
  expect(levelExtents(csc, [10, 7])).toEqual([7, 10]);
});
