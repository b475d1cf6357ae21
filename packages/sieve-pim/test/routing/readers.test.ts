import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkCounts,
  modelNamed,
  parseCounts,
  readRequests,
  readRoutingTrace,
  SieveError,
  traceCounts,
} from "../../src/index.ts";
import { caught } from "../support/caught.ts";

describe("a routing trace", () => {
  const document = {
    numExperts: 4,
    topK: 2,
    topkIds: [
      [0, 1],
      [3, 0],
      [1, 2],
    ],
  };

  it("gives the tokens per expert, starting over at its end", () => {
    const trace = readRoutingTrace(document);
    expect([...traceCounts(trace)]).toEqual([2, 2, 1, 1]);
    expect([...traceCounts(trace, 2, 5)]).toEqual([2, 2, 1, 1]);
    expect([...traceCounts(trace, 2, 4)]).toEqual([1, 2, 1, 0]);
  });

  it("is refused where a row is ragged, with the row", () => {
    const ragged = { ...document, topkIds: [[0, 1], [3]] };
    expect(caught(() => readRoutingTrace(ragged, "r.json")).message).toBe(
      "r.json: topkIds.1 has 1 experts, expected 2 as in topK",
    );
  });

  it("is refused where an expert does not exist or is named twice", () => {
    expect(caught(() => readRoutingTrace({ ...document, topkIds: [[0, 4]] })).place.path).toBe("topkIds.0.1");
    expect(caught(() => readRoutingTrace({ ...document, topkIds: [[1, 1]] })).message).toContain(
      "names expert 1 twice",
    );
    expect(caught(() => readRoutingTrace({ ...document, topK: 9 })).message).toContain("topK is 9");
  });
});

describe("counts", () => {
  it("are read from lists, objects and plain numbers", () => {
    for (const text of ["[1,2,3]", '{"tokensPerExpert":[1,2,3],"x":0}', '{"counts":[1,2,3]}', "1 2\n3\n", "1,2,3"]) {
      expect([...parseCounts(text)]).toEqual([1, 2, 3]);
    }
  });

  it("of any text give numbers or one error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseCounts(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SieveError);
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("that disagree with top-k say by how much and what would fit", () => {
    const model = modelNamed("mixtral-8x7b");
    expect(checkCounts(Uint32Array.of(4, 4, 0, 0, 0, 0, 2, 2), model)).toBe(6);
    const odd = caught(() => checkCounts(Uint32Array.of(4, 4, 0, 0, 0, 0, 2, 1), model));
    expect(odd.message).toBe("the counts add up to 11, no multiple of top-2 of mixtral-8x7b: 1 more than 10");
    expect(odd.place.hint).toBe("a sum of 10 (5 tokens) would fit: remove 1");
    const few = caught(() => checkCounts(Uint32Array.of(4, 4), model));
    expect(few.place.hint).toBe("add 6 counts (0 for experts without tokens)");
    const crowded = caught(() => checkCounts(Uint32Array.of(7, 3, 0, 0, 0, 0, 0, 0), model));
    expect(crowded.message).toBe("expert 0 has 7 tokens, 2 more than the 5 there are (10 / top-2)");
    expect(caught(() => checkCounts(new Uint32Array(8), model)).message).toBe("no expert has a token");
  });
});

describe("requests", () => {
  it("are read as converted and as Azure writes them", () => {
    const converted = readRequests(
      "ms_since_first_request,context_tokens,generated_tokens\n0,374,44\n4314.6,396,109\n",
    );
    const azure = readRequests(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n",
    );
    expect([...converted.arrivalNs]).toEqual([0, 4314.6e6]);
    expect(azure.arrivalNs[1]).toBeCloseTo(4315e6, -7);
    expect([...azure.promptTokens]).toEqual([374, 396]);
    expect([...azure.outputTokens]).toEqual([44, 109]);
  });

  it("of the real trace have the published shape", () => {
    const text = readFileSync(new URL("../data/azure-conv-2000.csv", import.meta.url), "utf8");
    const { arrivalNs, promptTokens } = readRequests(text);
    expect(arrivalNs.length).toBe(2000);
    expect(arrivalNs.every((time, at) => at === 0 || time >= arrivalNs[at - 1]!)).toBe(true);
    const mean = promptTokens.reduce((sum, each) => sum + each, 0) / 2000;
    expect(mean).toBeGreaterThan(800);
    expect(mean).toBeLessThan(1600);
  });

  it("that are malformed are refused with their line", () => {
    const header = "ms_since_first_request,context_tokens,generated_tokens\n";
    expect(caught(() => readRequests(`${header}0,1,2\n5,x,2\n`, "a.csv")).message).toContain(
      'a.csv:3: "x" is no number of tokens',
    );
    expect(caught(() => readRequests("a,b\n1,2\n", "a.csv")).message).toContain("a.csv:1: the header has no column");
    expect(caught(() => readRequests(header)).message).toContain("holds no requests");
    expect(caught(() => readRequests(`${header}-1,1,1\n`)).message).toContain('"-1" is no time');
  });
});
