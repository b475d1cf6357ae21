import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ModelTensor } from "../src/index.ts";
import { readAndRun } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README shows the example that runs here, and what it prints", async () => {
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  const [, text = ""] = /```\n(class GraphModule[^`]*)```/.exec(readme) ?? [];
  const tensor = (shape: number[], ...values: number[]): ModelTensor => ({
    dtype: "f32",
    shape,
    values: Float64Array.from(values),
  });
  expect(readme).toContain(await readAndRun(text, { a: tensor([1, 1], 2), x: tensor([1, 2], 1, 1) }));
});
