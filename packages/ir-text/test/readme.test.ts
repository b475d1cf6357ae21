import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readSetting } from "./readme-example.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README shows the example that runs here", () => {
  expect(readme).toContain(readFileSync(new URL("./readme-example.ts", import.meta.url), "utf8"));
  expect(readSetting({ name: "a.conf", text: "lanes = 4 // each" })).toEqual({ name: "lanes", value: 4 });
});

it("the README shows the message that a fault gives", () => {
  let message = "";
  try {
    readSetting({ name: "a.conf", text: "lanes = four" });
  } catch (fault) {
    message = (fault as Error).message;
  }
  expect(message).not.toBe("");
  expect(readme).toContain(message);
});
