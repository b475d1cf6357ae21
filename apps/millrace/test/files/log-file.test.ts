import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { LogFile } from "../../src/files/log-file.ts";
import { TextFile } from "../../src/files/text-file.ts";
import { folderWith } from "../support/folder.ts";

const disk = vi.hoisted(() => ({ bytesAtOnce: Number.POSITIVE_INFINITY }));
vi.mock("node:fs", async (original) => {
  const actual = await original<typeof import("node:fs")>();
  const writeSync = (file: number, content: string | Uint8Array) =>
    actual.writeSync(file, Buffer.from(content as string).subarray(0, disk.bytesAtOnce));
  return { ...actual, writeSync };
});

const lockOf = (folder: string) => join(folder, "study.log.lock");

test("one process at a time writes a log, and the lock names it", () => {
  const folder = folderWith();
  const log = new LogFile(folder, "study.log", false);
  expect(() => new LogFile(folder, "study.log", true)).toThrow(`process ${process.pid} is writing study.log`);
  log.close();
  expect(existsSync(lockOf(folder))).toBe(false);
  new LogFile(folder, "study.log", true).close();
});

test.each([
  ["nobody: it was being written when its process was ended", () => ""],
  ["a process that ended", () => String(spawnSync("true").pid)],
  ["an earlier process with a number that came again", () => `${process.pid} 1`],
])("a lock of %s is taken over", (_, holder) => {
  const folder = folderWith({ "study.log": "", "study.log.lock": holder() });
  const log = new LogFile(folder, "study.log", true);
  expect(readFileSync(lockOf(folder), "utf8")).toMatch(new RegExp(`^${process.pid}\\b`));
  log.close();
});

test("a disk that takes texts bit by bit gets all of them", () => {
  const folder = folderWith();
  disk.bytesAtOnce = 3;
  onTestFinished(() => {
    disk.bytesAtOnce = Number.POSITIVE_INFINITY;
  });
  const log = new LogFile(folder, "study.log", false);
  log.append("first line\n");
  log.append("second line é\n");
  log.close();
  const file = new TextFile(folder, "commands.txt");
  file.write("ACT 0 RD 1\n");
  file.finish();
  expect(readFileSync(join(folder, "study.log"), "utf8")).toBe("first line\nsecond line é\n");
  expect(readFileSync(join(folder, "commands.txt"), "utf8")).toBe("ACT 0 RD 1\n");
});
