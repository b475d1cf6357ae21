import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { squares } from "./readme-example.ts";
import { MemoryLog } from "./support/memory-log.ts";

it("the README shows the example that runs here", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  const file = new MemoryLog();
  const module = new URL("support/square-of-x.mjs", import.meta.url);
  const given = [1, 4, 9, 16, 25].map((square) => ({ square }));
  expect(await squares(module, file)).toEqual(given);
  const kept = file.text;
  expect(await squares(module, file)).toEqual(given);
  expect(file.text).toBe(kept);
});
