import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkTokens,
  decodeTokens,
  encodeTokens,
  fuseStops,
  groupSizes,
  type Nesting,
  parseTokens,
  printTokens,
  splitStops,
  stop,
} from "../../src/index.ts";

const example = "1.2.S1.3.S2.4.S1.5.6.7.S2.D";
const read = (text: string, rank: number) => parseTokens({ name: "<stream>", text }, rank);

describe("tokens", () => {
  it("of the paper's example are a ragged nesting of shape [2, 2, ~]", () => {
    const tokens = read(example, 2);
    expect(decodeTokens(tokens, 2)).toEqual([
      [[1, 2], [3]],
      [[4], [5, 6, 7]],
    ]);
    expect(groupSizes(tokens, 2)).toEqual([[2], [2, 2], [2, 1, 1, 3]]);
    expect(printTokens(tokens)).toBe(example);
  });

  it("close one group at every level below a stop: an outer group always holds an inner one", () => {
    expect(decodeTokens(read("S2.D", 2), 2)).toEqual([[[]]]);
    expect(decodeTokens(read("1.S1.S1.D", 1), 1)).toEqual([[1], []]);
    expect(decodeTokens(read("D", 2), 2)).toEqual([]);
    expect(printTokens(encodeTokens([[]], 2))).toBe("S2.D");
    expect(printTokens(encodeTokens([[[]]], 2))).toBe("S2.D");
    expect(printTokens(encodeTokens([[[1], []], [[]]], 2))).toBe("1.S1.S2.S2.D");
  });

  const nestings = (rank: number): fc.Arbitrary<Nesting<number>> =>
    rank === 0
      ? fc.array(fc.nat(9), { maxLength: 4 })
      : fc.array(
          nestings(rank - 1).filter((inner) => rank === 1 || inner.length > 0),
          { maxLength: 4 },
        );

  it("keep 1000 ragged nestings with empty groups in both encodings", () => {
    const ranked = fc.integer({ min: 0, max: 4 }).chain((rank) => fc.tuple(fc.constant(rank), nestings(rank)));
    fc.assert(
      fc.property(ranked, ([rank, nesting]) => {
        const tokens = encodeTokens(nesting, rank);
        checkTokens(tokens, rank);
        expect(decodeTokens(tokens, rank)).toEqual(nesting);
        const slots = fuseStops(tokens);
        expect(splitStops(slots)).toEqual(tokens);
        expect(slots.length).toBeLessThanOrEqual(tokens.length);
        expect(read(printTokens(tokens), rank)).toEqual(tokens);
      }),
      { seed: 24, numRuns: 1000 },
    );
  });

  it("that form no stream are refused with their place", () => {
    expect(() => checkTokens([1, stop(3)], 2)).toThrow("token 1 is S3, but the highest stop of rank 2 is S2");
    expect(() => checkTokens([1, stop(1)], 0)).toThrow("a stream of rank 0 has no stops");
    expect(() => checkTokens([1, stop(1)], 2)).toThrow(
      "the stream ends inside a group, at token 2: it must end with S2, not with S1",
    );
    expect(() => checkTokens([stop(1), 1], 1)).toThrow("must end with S1, not with a value");
  });
});

describe("the text of a stream", () => {
  it("is refused with the place of every wrong token", () => {
    const text = (stream: string, rank: number): string => {
      try {
        read(stream, rank);
        return "accepted";
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticError);
        return (error as Error).message;
      }
    };
    expect(text("1.S3.D", 2)).toBe(`<stream>:1:3: error: a stop of a stream of rank 2 is one of S1 to S2, found 'S3'
  1 | 1.S3.D
    |   ^^`);
    expect(text("1.2.S1", 1)).toContain("<stream>:1:7: error: expected 'D' at the end of the stream");
    expect(text("1.2.D", 1)).toContain("<stream>:1:5: error: the stream ends inside a group: expected 'S1' before 'D'");
    expect(text("1..2.D", 0)).toContain("expected a value, a stop or 'D', found '.'");
    expect(text("1.D.2", 0)).toContain("<stream>:1:5: error: nothing may follow 'D'");
    expect(text("1.?.D", 0)).toContain("<stream>:1:3: error: expected a value, a stop or 'D', found '?'");
    expect(text("1.S1.D", 0)).toContain("a stream of rank 0 has no stops, found 'S1'");
    expect(text("1.S0.S1.D", 1)).toContain("is one of S1 to S1, found 'S0'");
  });
});
