import { describe, expect, it } from "vitest";
import { nearest } from "../src/index.ts";

describe("the nearest candidate", () => {
  it("is the one a typing mistake away", () => {
    expect(nearest("comprssed", ["dense", "compressed", "singleton"])).toBe("compressed");
    expect(nearest("dnese", ["dense", "sparse"])).toBe("dense");
    expect(nearest("fifo", ["fifo", "fito"])).toBe("fifo");
  });

  it("does not exist if all are far", () => {
    expect(nearest("matrix", ["dense", "compressed"])).toBeUndefined();
    expect(nearest("", ["a"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });

  it("is never a different single letter", () => {
    expect(nearest("B", ["A", "C"])).toBeUndefined();
  });

  it("is found whatever the case, the same case first", () => {
    expect(nearest("b", ["A", "B"])).toBe("B");
    expect(nearest("spmv", ["SPMV", "SpMV", "spmm"])).toBe("SpMV");
    expect(nearest("SpMW", ["spmv", "SpMV"])).toBe("SpMV");
  });

  it("is the first of equals", () => {
    expect(nearest("cat", ["bat", "hat"])).toBe("bat");
  });

  it("counts a swap of neighbours as one mistake", () => {
    expect(nearest("ij", ["ji"])).toBe("ji");
    expect(nearest("abc", ["cba"])).toBeUndefined();
  });

  it("is not looked for in words of absurd length", () => {
    const long = "x".repeat(100_000);
    expect(nearest(long, [`${long}y`])).toBeUndefined();
  });
});
