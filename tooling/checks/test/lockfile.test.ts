import { expect, it } from "vitest";
import { readText, writtenFiles } from "../src/workspace.ts";

it("the lockfile names no host: each machine installs from the registry it is set up for", () => {
  expect(readText("pnpm-lock.yaml").match(/^.*(?:https?:|git\+|tarball:).*$/gm) ?? []).toEqual([]);
});

it("no committed setting chooses a registry", () => {
  const settings = writtenFiles().filter((path) => /(?:^|\/)\.(?:npmrc|yarnrc.*)$/.test(path));
  expect(settings.filter((path) => /registry/i.test(readText(path)))).toEqual([]);
  expect(readText("pnpm-workspace.yaml")).not.toMatch(/registr/i);
});
