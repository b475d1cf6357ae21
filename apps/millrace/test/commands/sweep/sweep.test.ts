import { describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

async function refusal(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await millrace(["sweep", ...words], { folder: folderWith() });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  return stderr;
}

describe("a wrong command line of sweep", () => {
  test.each([
    [["run", "placements"], '"placements" is no space of the workbench'],
    [["run", "mo:qwen3-30b-a3b"], "there is no space mo:\n  help: did you mean moe:?"],
    [["run", "moe:qwen3-30b-a3b", "-i", "gpus=2", "-i", "gpus=4"], "-i binds gpus twice"],
    [["run", "moe:qwen3-30b-a3b", "--sample", "0"], "must be an integer from 1 to 10000000"],
    [["run", "moe:qwen3-30b-a3b", "--sample", "2", "--queue", "localhost"], '"localhost" is no address of a queue'],
    [
      ["run", "moe:qwen3-30b-a3b", "--sample", "2", "--queue", "redis://127.0.0.1:1"],
      "no Redis answers at redis://127.0.0.1:1",
    ],
    [["worker", "--queue", "redis://127.0.0.1:1"], "start one there (redis-server --appendonly yes)"],
    [["plan", "moe:qwen3-30b-a3b", "--shards", "2"], "a plan needs a folder\n  help: name it with --out"],
    [["shard", "nowhere", "0"], "no such file: nowhere/shard-0.jobs"],
    [["merge", "nowhere"], "no such file: nowhere/sweep.json"],
  ])("%j", async (words, message) => expect(await refusal(...words)).toContain(message));

  test("a file of a plan that is none is named", async () => {
    const folder = folderWith({ "sweep.json": "{", "shard-0.jobs": '{"id":1}\n' });
    const plan = await millrace(["sweep", "merge", "."], { folder });
    expect(plan.stderr).toContain("./sweep.json is no plan of a sweep");
    const shard = await millrace(["sweep", "shard", ".", "0"], { folder });
    expect(shard.stderr).toContain("./shard-0.jobs:1: this is no job");
  });
});
