import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { type RecordedRun, recordedRuns, traceOf, yamlOf } from "../../support/recorded-runs.ts";
import { millrace } from "../../support/recording-host.ts";

test.each(recordedRuns)("$id takes the recorded cycles, with the recorded counters and commands", async (recorded) => {
  const folder = folderWith({ "memory.yaml": yamlOf(recorded), "requests.trace": traceOf(recorded) });
  const frontend = recorded.timed ? ["--frontend", "timed", "--clock-ratio", "1:1"] : [];
  const inputs = ["dram", "memory.yaml", "--trace", "requests.trace", "--profile", recorded.profile, ...frontend];
  const { status, stdout, stderr } = await millrace([...inputs, "--commands", "log", "--json"], { folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const result = JSON.parse(stdout);
  expect(result.cycles).toBe(recorded.cycles);
  for (const [channel, expected] of Object.entries(recorded.channels)) {
    expectCounters(result.channels[Number(channel)], expected);
  }
  expect(hashesOf(result.commandLogs, folder)).toMatchObject(recorded.commandLogSha256);
});

function expectCounters(
  channel: { counters: Record<string, number>; readLatencySum: number },
  expected: RecordedRun["channels"][string],
): void {
  // The original prints averages with nine digits.
  for (const [name, value] of Object.entries(expected)) {
    const got = channel.counters[name]!;
    if (Number.isInteger(value)) expect([name, got]).toEqual([name, value]);
    else expect(Math.abs(got - value)).toBeLessThan(1e-6 * value);
  }
  expect(channel.readLatencySum).toBe(expected.read_latency);
}

function hashesOf(logs: readonly string[], folder: string): Record<string, string> {
  const sha256 = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(logs.map((name, at) => [`ch${at}`, sha256(name)]));
}
