import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { encodeTokens, TileValue, type Value } from "../src/index.ts";
import { packAndMultiply } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README shows the example that runs here, and what it prints", () => {
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  const row = (): Value => new TileValue(1, 64, new Float64Array(64).fill(1));
  const rows = encodeTokens<Value>(
    [5, 1, 8].map((count) => Array.from({ length: count }, row)),
    1,
  );
  const lines = packAndMultiply({ sources: { rows }, tensors: { w: new Float64Array(64 * 64).fill(1) } });
  expect(readme).toContain(lines.join("\n"));
});
