import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder.ts";
import { partitionedTraces } from "../../support/partitioned-traces.ts";
import { millrace } from "../../support/recording-host.ts";

const memory = ["dram", "hbm3-6400", "--channels", "4"];

async function json(inputs: readonly string[], folder: string) {
  const { status, stdout, stderr } = await millrace([...memory, ...inputs, "--json"], { folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("dram --partitioned", () => {
  test.each(["loadstore", "timed"] as const)("gives each channel its own frontend (%s)", async (form) => {
    const folder = folderWith(partitionedTraces({ channels: 4, requests: 400, form }));
    const together = await json(["--trace", "t", "--partitioned"], folder);
    expect(together).toMatchObject({ requests: 400 + 300 + 200 + 100, frontend: form });
    // Alone, a file runs on the same memory, whose other channels have nothing to do.
    const alone = await Promise.all([0, 1, 2, 3].map((channel) => json(["--trace", `t.ch${channel}`], folder)));
    expect(together.cycles).toBe(Math.max(...alone.map(({ cycles }) => cycles)));
    const last = alone.findIndex(({ cycles }) => cycles === together.cycles);
    expect(together.channels[last]).toEqual(alone[last].channels[last]);
    for (const [channel, run] of alone.entries()) {
      const { reads, writes } = run.channels[channel];
      expect(together.channels[channel]).toMatchObject({ reads, writes });
    }
  });

  test("draws the banks of all channels and writes a command log for each", async () => {
    const traces = partitionedTraces({ channels: 4, requests: 200, form: "loadstore" });
    const folder = folderWith(traces);
    const whole = await json(["--trace", "t", "--partitioned", "--commands", "log", "--out", "all"], folder);
    expect(whole.commandLogs).toEqual(["log.ch0", "log.ch1", "log.ch2", "log.ch3"]);
    const page = readFileSync(join(folder, "all/report.html"), "utf8");
    for (const [channel, { commands }] of whole.channels.entries()) {
      const [header, ...lines] = readFileSync(join(folder, `log.ch${channel}`), "utf8")
        .trimEnd()
        .split("\n");
      expect(header).toMatch(/^clock,command,Channel,/);
      expect(lines).toHaveLength(Object.values<number>(commands).reduce((sum, count) => sum + count, 0));
      expect(lines.every((line) => line.split(",")[2] === `${channel}`)).toBe(true);
      const drawn = [...page.matchAll(new RegExp(`channel ${channel}, bank \\d+: ([\\d,]+) accesses`, "g"))];
      expect(drawn.reduce((sum, [, count]) => sum + Number(count!.replaceAll(",", "")), 0)).toBe(
        commands.RD + commands.WR,
      );
    }
  });

  test("a run that fails leaves no command log behind, whole or begun", async () => {
    const files = partitionedTraces({ channels: 4, requests: 50, form: "loadstore" });
    const folder = folderWith({ ...files, "t.ch2": "garbage\n" });
    const { status } = await millrace([...memory, "--trace", "t", "--partitioned", "--commands", "log"], { folder });
    expect(status).toBe(2);
    expect(readdirSync(folder).filter((name) => name.startsWith("log"))).toEqual([]);
  });

  test("an empty file leaves its channel idle", async () => {
    const files = partitionedTraces({ channels: 4, requests: 50, form: "loadstore" });
    const { channels, frontend } = await json(["--trace", "t", "--partitioned"], folderWith({ ...files, "t.ch1": "" }));
    expect([frontend, channels[1].reads + channels[1].writes]).toEqual(["loadstore", 0]);
  });

  test("refuses a request to another channel with its place", async () => {
    const files = partitionedTraces({ channels: 4, requests: 50, form: "loadstore" });
    const folder = folderWith({ ...files, "t.ch2": `${files["t.ch2"]!.split("\n")[0]}\n  LD 0x0\n` });
    const { status, stdout, stderr } = await millrace([...memory, "--trace", "t", "--partitioned"], { folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("t.ch2:2:3: error: a request for channel 0 came to channel 2");
  });

  test.each([
    [["--trace", "t", "--partitioned", "--timeline", "log"], "--timeline needs one trace for all channels"],
    [["--trace", "-", "--partitioned"], "--partitioned needs files"],
    [["--trace", "t.ch0", "--jobs", "2"], "--jobs needs --partitioned"],
    [["--trace", "none", "--partitioned"], "no such file: none.ch0"],
  ])("%j is told apart", async (inputs, message) => {
    const folder = folderWith(partitionedTraces({ channels: 4, requests: 5, form: "loadstore" }));
    const { status, stderr } = await millrace([...memory, ...inputs], { folder });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test("files of two forms are refused by name", async () => {
    const files = partitionedTraces({ channels: 4, requests: 20, form: "loadstore" });
    const timed = partitionedTraces({ channels: 4, requests: 20, form: "timed" });
    const folder = folderWith({ ...files, "t.ch3": timed["t.ch3"]! });
    const { status, stderr } = await millrace([...memory, "--trace", "t", "--partitioned"], { folder });
    expect(status).toBe(2);
    expect(stderr).toContain("t.ch0 is of form loadstore, t.ch3 is of form timed");
  });

  test("a request to stop ends it", async () => {
    const folder = folderWith(partitionedTraces({ channels: 4, requests: 50, form: "loadstore" }));
    const { status, stdout } = await millrace([...memory, "--trace", "t", "--partitioned"], {
      folder,
      stopRequested: () => true,
    });
    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
  });
});
