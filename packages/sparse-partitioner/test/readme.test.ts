import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { addFour } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README shows the example that runs here", async () => {
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  const [work, recount] = await addFour();
  expect(work).toBe("8000 work, at most 128 a unit");
  expect(recount).toMatch(/^recounted: true, 12[5-8] at most$/);
});
