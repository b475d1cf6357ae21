import fc from "fast-check";
import { expect, it } from "vitest";
import { changed, parseAddress, printAddress } from "../../src/shell/address.ts";

it("a state survives its way through the address", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), (state) => {
      const address = new Map(Object.entries(state));
      expect(parseAddress(printAddress(address))).toEqual(address);
    }),
    { seed: 3, numRuns: 200 },
  );
});

it("of two equal keys the last counts, and an empty state needs no hash", () => {
  expect(parseAddress("#a=1&a=2")).toEqual(new Map([["a", "2"]]));
  expect(printAddress(new Map())).toBe("");
});

it("a change sets some keys and takes others away", () => {
  const before = parseAddress("#run=a&view=graph");
  expect(printAddress(changed(before, { view: undefined, select: "n 1" }))).toBe("#run=a&select=n+1");
  expect(printAddress(before)).toBe("#run=a&view=graph");
});
