import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { versionAt, versionsOf } from "../../src/pipeline/run/package-code.ts";
import { folderWith } from "../support/folder.ts";

test("the version of a package changes with any byte of its code or constants, and with nothing else", () => {
  const root = folderWith({ "package.json": '{ "version": "1.2.3" }' });
  for (const folder of ["dist/pass", "presets"]) mkdirSync(join(root, folder), { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(root, name), text);
  const seen: string[] = [];
  const changed = () => {
    seen.push(versionAt(root, ["dist", "presets"]));
    return new Set(seen).size === seen.length;
  };
  put("dist/index.js", "one");
  put("dist/pass/fold.js", "two");
  put("presets/hbm.json", "{}");
  expect(changed()).toBe(true);
  expect(seen[0]).toMatch(/^1\.2\.3\+[0-9a-f]{8}$/);
  put("dist/pass/fold.js", "twp");
  expect(changed()).toBe(true);
  put("presets/hbm.json", "[]");
  expect(changed()).toBe(true);
  renameSync(join(root, "dist/pass/fold.js"), join(root, "dist/pass/unfold.js"));
  expect(changed()).toBe(true);
  put("dist/index.d.ts", "declarations");
  put("dist/index.js.map", "a map");
  put("README.md", "words");
  expect(versionAt(root, ["dist", "presets"])).toBe(seen.at(-1));
  rmSync(join(root, "dist/pass"), { recursive: true });
  expect(changed()).toBe(true);
});

test("a stage depends on what its packages import, and on this program", () => {
  const versions = versionsOf(["fuseflow-sparse"]);
  expect(Object.keys(versions)[0]).toBe("millrace");
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(["fuseflow-sparse", "sim-core", "tensor", "ir-text"]));
  expect(Object.keys(versions)).not.toContain("baco-tuner");
  expect(new Set(Object.values(versions)).size).toBe(Object.keys(versions).length);
});
