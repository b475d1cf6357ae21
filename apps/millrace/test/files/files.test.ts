import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readText, readWhole } from "../../src/files/read.ts";
import { writeWhole } from "../../src/files/write.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-"));
});

describe("reading", () => {
  test("gives the bytes; text loses its byte order mark", () => {
    writeFileSync(join(folder, "a"), "\uFEFFdigraph");
    expect(readWhole(folder, "a")).toHaveLength(10);
    expect(readText(folder, "a")).toBe("digraph");
  });

  test("a missing file is refused with the nearest name beside it", () => {
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data", "cora.mtx"), "");
    expect(() => readWhole(folder, "data/coar.mtx")).toThrow(
      expect.objectContaining({
        code: "file-missing",
        message: "no such file: data/coar.mtx",
        help: "did you mean data/cora.mtx?",
      }),
    );
    expect(() => readWhole(folder, "no/where")).toThrow(
      expect.objectContaining({ code: "file-missing", help: undefined }),
    );
  });

  test("a folder is refused", () => {
    mkdirSync(join(folder, "data"));
    expect(() => readWhole(folder, "data")).toThrow(
      expect.objectContaining({ code: "file-unreadable", message: "data is a folder, expected a file" }),
    );
  });

  test("names no file can have are refused", () => {
    for (const name of ["a\0b", "x".repeat(5000)]) {
      expect(() => readWhole(folder, name)).toThrow(expect.objectContaining({ name: "MillraceError" }));
    }
  });
});

describe("writing", () => {
  test("makes the folder, replaces the file whole and leaves nothing else behind", () => {
    writeWhole(folder, "out/deep/x.json", "old");
    const path = writeWhole(folder, "out/deep/x.json", "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(join(folder, "out/deep"))).toEqual(["x.json"]);
  });

  test.skipIf(!existsSync("/proc/self"))("a folder that takes no folders is refused, and not tried for ever", () => {
    const refused = expect.objectContaining({ code: "file-unwritable" });
    expect(() => writeWhole(folder, "/proc/nowhere/x", "")).toThrow(refused);
  });

  test("what an ended process left of a file goes with the next; what a running one writes stays", () => {
    const ended = spawnSync("true").pid;
    for (const writer of [ended, process.ppid]) writeFileSync(join(folder, `x.json.${writer}.partial`), "{");
    writeFileSync(join(folder, "x.json.old.partial"), "");
    writeWhole(folder, "x.json", "{}");
    expect(readdirSync(folder).sort()).toEqual(
      ["x.json", `x.json.${process.ppid}.partial`, "x.json.old.partial"].sort(),
    );
  });

  test("a place that cannot be written is refused, and nothing is left there", () => {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "taken"));
    const refused = expect.objectContaining({ code: "file-unwritable" });
    expect(() => writeWhole(folder, "file/x", "")).toThrow(refused);
    expect(() => writeWhole(folder, "taken", "")).toThrow(refused);
    expect(readdirSync(folder).sort()).toEqual(["file", "taken"]);
  });
});
