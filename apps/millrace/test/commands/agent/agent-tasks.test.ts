import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

test("agent tasks writes a task file that the other commands take, the same from the same seed", async () => {
  const folder = folderWith();
  const command = ["agent", "tasks", "--count", "3", "--kinds", "reduction", "--seed", "4"];
  const { status, stdout } = await millrace(command, { folder });
  expect(status).toBe(0);
  expect((await millrace([...command, "--json"], { folder })).stdout.replaceAll(/\s/g, "")).toBe(
    stdout.replaceAll(/\s/g, ""),
  );
  writeFileSync(join(folder, "tasks.json"), stdout);
  const { tasks } = JSON.parse(stdout) as { tasks: { id: string; reference: unknown }[] };
  expect(tasks.map(({ id }) => id)).toEqual(["reduction/4_0", "reduction/4_1", "reduction/4_2"]);
  writeFileSync(join(folder, "answer.json"), JSON.stringify(tasks[1]!.reference));
  const verify = ["agent", "verify", "tasks.json", "answer.json", "--task", "reduction/4_1", "--json"];
  expect(JSON.parse((await millrace(verify, { folder })).stdout)).toMatchObject({ verdict: "ok" });
});

test("agent tasks names the kinds that there are", async () => {
  const { status, stderr } = await millrace(["agent", "tasks", "--kinds", "convolution"], { folder: folderWith() });
  expect(status).toBe(2);
  expect(stderr).toContain("there is no kind of task 'convolution'; kinds are activation, reduction");
});
