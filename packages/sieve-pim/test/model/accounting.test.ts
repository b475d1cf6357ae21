import { describe, expect, it } from "vitest";
import { expertBytes, expertFlops, modelNamed, models, modelTotals, readModel, SieveError } from "../../src/index.ts";
import { caught } from "../support/caught.ts";

const published = [
  ["qwen3.5-397b-a17b", 396343377920, 17346068480, 30720, 25165824, 25165824],
  ["gpt-oss-120b", 116788838400, 5710233600, 73728, 13219200, 49766400],
  ["qwen3-30b-a3b", 30531911680, 3352821760, 98304, 9437184, 9437184],
  ["qwen3-235b-a22b", 235092836352, 22189965312, 192512, 37748736, 37748736],
  ["mixtral-8x7b", 46702526464, 12879659008, 131072, 352321536, 352321536],
  ["deepseek-v3", 671025397760, 37551276032, 70272, 44050944, 88080384],
] as const;

describe("the accounting of a model", () => {
  it.each(published)("gives the published totals of %s", (id, parameters, active, keyValues, bytes, flops) => {
    const model = modelNamed(id);
    const totals = modelTotals(model);
    expect(totals.parameters).toBe(parameters);
    expect(totals.activeParameters).toBe(active);
    expect(totals.keyValueBytesPerToken).toBe(keyValues);
    expect(expertBytes(model)).toBe(bytes);
    expect(expertFlops(model)).toBe(flops);
  });

  it("keeps a state of fixed size for linear attention only", () => {
    expect(modelTotals(modelNamed("qwen3.5-397b-a17b")).stateBytesPerSequence).toBe(188743680);
    expect(modelTotals(modelNamed("mixtral-8x7b")).stateBytesPerSequence).toBe(0);
  });
});

describe("a model from JSON", () => {
  const plain = JSON.parse(JSON.stringify(modelNamed("mixtral-8x7b")));

  it("reads back as it was", () => {
    for (const model of models) expect(readModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it("is refused with the place where a figure is wrong", () => {
    const wrong = { ...plain, attention: [{ ...plain.attention[0], heads: 0 }] };
    expect(() => readModel(wrong)).toThrow("model: attention.0.heads: must be at least 1");
    expect(() => readModel({}, "own.json")).toThrow("own.json: id: this key is missing");
    expect(() => readModel(7)).toThrow(SieveError);
  });

  it("is refused if a token would go to more experts than there are, with what would fit", () => {
    const error = caught(() => readModel({ ...plain, topK: 9 }));
    expect(error.message).toBe("model mixtral-8x7b: topK is 9, but there are 8 experts");
    expect(error.place).toMatchObject({ limit: "experts", value: 9, allowed: 8, hint: "use topK 8 or fewer" });
  });

  it("that nobody knows gets the nearest name", () => {
    expect(caught(() => modelNamed("qwen3-30b-a3")).place.hint).toBe("did you mean qwen3-30b-a3b?");
  });
});
