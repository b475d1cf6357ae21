import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { product } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README shows the example that runs here, and what it gives", () => {
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  expect(readme).toContain(product().join("\n"));
});
