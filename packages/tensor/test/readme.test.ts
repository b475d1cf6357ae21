import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { squareOf } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README shows the example that runs here, and what it prints", async () => {
  const file = "%%MatrixMarket matrix coordinate real symmetric\n3 3 3\n1 1 2\n3 1 1\n3 3 4\n";
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  expect(readme).toContain(file);
  const lines = await squareOf("small.mtx", new TextEncoder().encode(file));
  expect(lines).toHaveLength(3);
  expect(readme).toContain(lines.join("\n"));
});
