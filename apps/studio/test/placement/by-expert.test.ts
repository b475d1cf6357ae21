import { expect, it } from "vitest";
import { byExpert } from "../../src/placement/by-expert.ts";

it("experts come with all their devices, the busiest first, those without tokens not at all", () => {
  const experts = [
    { expert: 4, tokens: 2, device: 1 },
    { expert: 2, tokens: 3, device: 0 },
    { expert: 4, tokens: 5, device: 0 },
    { expert: 7, tokens: 0, device: 0 },
    { expert: 1, tokens: 3, device: 1 },
  ];
  const devices = [0, 1].map((at) => ({ name: `GPU ${at}`, kind: "gpu", ns: 1 }));
  expect(byExpert({ label: "x", devices, experts, times: [], notes: [] })).toEqual([
    {
      expert: 4,
      tokens: 7,
      shares: [
        { device: 0, tokens: 5 },
        { device: 1, tokens: 2 },
      ],
    },
    { expert: 1, tokens: 3, shares: [{ device: 1, tokens: 3 }] },
    { expert: 2, tokens: 3, shares: [{ device: 0, tokens: 3 }] },
  ]);
});
