import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const trace = Array.from(
  { length: 300 },
  (_, i) => `${i % 3 === 0 ? "ST" : "LD"} 0x${((i * 7919) % 4096) * 64}\n`,
).join("");

function folder(): string {
  return folderWith({ "requests.trace": trace });
}

describe("dram --json", () => {
  test("prints the document that scripts rely on", async () => {
    const { status, stdout, stderr } = await millrace(["dram", "ddr4-2400", "--trace", "requests.trace", "--json"], {
      folder: folder(),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ profile: "r21", requests: 300, frontend: "loadstore" });
    expect(result.channels).toHaveLength(1);
    const [channel] = result.channels;
    for (const key of ["reads", "writes", "hits", "misses", "conflicts", "refreshes", "readLatencySum", "busyCycles"]) {
      expect([key, Number.isInteger(channel[key])]).toEqual([key, true]);
    }
    expect([channel.reads, channel.writes]).toEqual([200, 100]);
    expect(channel.commands.RD).toBe(channel.counters.num_read_reqs_served);
    expect(channel.commands.WR).toBe(channel.counters.num_write_reqs_served);
    expect(channel.bandwidth).toBe(result.achievedBytesPerCycle);
    expect(channel.busyCycles / result.cycles).toBeCloseTo(result.achievedBytesPerCycle / result.peakBytesPerCycle, 12);
    expect(result.peakBytesPerCycle).toBe(16);
  });

  test("gives the same bytes twice, from a plain file and from a gzipped one", async () => {
    const place = folderWith({ "requests.trace": trace, "requests.trace.gz": gzipSync(trace) });
    const run = async (name: string): Promise<string> =>
      (await millrace(["dram", "hbm3-6400", "--trace", name, "--json"], { folder: place })).stdout;
    expect(await run("requests.trace")).toBe(await run("requests.trace"));
    expect(await run("requests.trace.gz")).toBe(await run("requests.trace"));
  });

  test("takes the same requests in the form of DRAMsim3 as with times in front", async () => {
    const timed = "0 R 0x0\n3 W 0x40\n9 R 0x123440\n";
    const dramsim3 = "0x0 READ 0\n0x40 WRITE 3\n0x123440 READ 9\n";
    const place = folderWith({ "a.trace": timed, "b.trace": dramsim3 });
    const cycles = async (name: string): Promise<number> =>
      JSON.parse((await millrace(["dram", "ddr4-2400", "--trace", name, "--json"], { folder: place })).stdout).cycles;
    expect(await cycles("a.trace")).toBe(await cycles("b.trace"));
  });

  test("takes address vectors in profile r21 alone", async () => {
    const place = folderWith({ "v.trace": "R 0,0,1,2,77,3\nW 0,1,3,0,4,5\n" });
    const right = await millrace(["dram", "ddr4-2400", "--trace", "v.trace", "--commands", "log", "--json"], {
      folder: place,
    });
    expect(right.status).toBe(0);
    expect(readFileSync(join(place, "log"), "utf8").split("\n")[1]).toBe("1,ACT,0,0,1,2,77,3,0,-1");
    const wrong = await millrace(["dram", "ddr4-2400", "--profile", "r20", "--trace", "v.trace"], { folder: place });
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toContain("profile r20 takes no address vectors");
  });

  test("an empty trace takes no time and moves nothing", async () => {
    const { stdout } = await millrace(["dram", "ddr4-2400", "--trace", "empty", "--json"], {
      folder: folderWith({ empty: "" }),
    });
    expect(JSON.parse(stdout)).toMatchObject({ cycles: 0, requests: 0, achievedBytesPerCycle: 0 });
  });
});

describe("for people", () => {
  test("says how much of the peak was reached and why not more", async () => {
    const { stdout } = await millrace(["dram", "ddr4-2400", "--trace", "requests.trace"], { folder: folder() });
    expect(stdout).toMatch(/^achieved {4}[\d.]+ of 16.00 bytes per cycle: \d+ % of the peak$/m);
    expect(stdout).toMatch(/^data +\d+ % +bytes moved$/m);
    expect(stdout).toMatch(/^row conflicts +[\d.]+ % +another row of the bank was open/m);
  });

  test("says when a profile never refreshes a part", async () => {
    const { stdout } = await millrace(["dram", "hbm3-2000", "--trace", "requests.trace"], { folder: folder() });
    expect(stdout).toContain("no refresh (profile r20 has none for HBM3)");
  });

  test("presets are listed with the names of Ramulator's", async () => {
    const { status, stdout } = await millrace(["dram", "presets"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^hbm3-6400 +r21 +HBM3_16Gb_8hi +HBM3_6400Mbps +16 +32 B +820.5 GB\/s$/m);
  });
});

describe("files", () => {
  test("--out keeps the document and a report that needs nothing but itself", async () => {
    const place = folder();
    await millrace(["dram", "hbm3-6400", "--channels", "4", "--trace", "requests.trace", "--out", "kept"], {
      folder: place,
    });
    expect(readdirSync(join(place, "kept")).sort()).toEqual(["dram-run.json", "report.html"]);
    const report = readFileSync(join(place, "kept/report.html"), "utf8");
    expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/i);
    for (const title of ["Where the peak went", "Banks", "Channels"]) expect(report).toContain(title);
    // 4 channels of 2 pseudo-channels with 32 banks each, drawn twice.
    expect(report.match(/<rect /g)).toHaveLength(2 * 4 * 64);
  });

  test("--timeline writes the banks for Perfetto, smaller with --window", async () => {
    const place = folder();
    const base = ["dram", "ddr4-2400", "--trace", "requests.trace", "--json"];
    const whole = await millrace([...base, "--timeline", "a.pftrace"], { folder: place });
    expect(whole.stderr).toBe("timeline  a.pftrace: open it at https://ui.perfetto.dev\n");
    await millrace([...base, "--timeline", "b.pftrace", "--window", "0:100"], { folder: place });
    const [a, b] = ["a.pftrace", "b.pftrace"].map((name) => readFileSync(join(place, name)));
    expect(b!.length).toBeLessThan(a!.length);
    for (const text of ["bank 3", "row 0"]) expect(a!.includes(text)).toBe(true);
  });

  test("several channels get a command log each, empty for an idle one", async () => {
    const place = folderWith({ one: "LD 0x0\nLD 0x0\n" });
    const { stdout } = await millrace(
      ["dram", "ddr4-2400", "--channels", "2", "--trace", "one", "--commands", "log", "--json"],
      { folder: place },
    );
    expect(JSON.parse(stdout).commandLogs).toEqual(["log.ch0", "log.ch1"]);
    expect(readFileSync(join(place, "log.ch0"), "utf8")).toContain("1,ACT,0,0,0,0,0,0,0,-1\n");
    expect(readFileSync(join(place, "log.ch1"), "utf8")).toBe("");
  });

  test("a fault in the middle of a trace leaves no half of a command log", async () => {
    const place = folderWith({ bad: "LD 0x0\nLD 0x40\noops\n" });
    const { status } = await millrace(["dram", "ddr4-2400", "--trace", "bad", "--commands", "log"], { folder: place });
    expect(status).toBe(2);
    expect(readdirSync(place)).toEqual(["bad"]);
  });

  test("an interrupted run ends with status 130", async () => {
    const { status, stderr } = await millrace(["dram", "ddr4-2400", "--trace", "requests.trace"], {
      folder: folder(),
      stopRequested: () => true,
    });
    expect(status).toBe(130);
    expect(stderr).toBe("error: interrupted after 300 requests\n");
  });

  test("a command log named by the configuration is written", async () => {
    const yaml = readFileSync(`${examples}/memories/ddr4-2400.yaml`, "utf8").replace(
      "plugins:",
      "plugins:\n      - ControllerPlugin: {impl: TraceRecorder, path: kept.log}",
    );
    const place = folderWith({ "memory.yaml": yaml, "requests.trace": trace });
    expect((await millrace(["dram", "memory.yaml", "--trace", "requests.trace"], { folder: place })).status).toBe(0);
    expect(existsSync(join(place, "kept.log"))).toBe(true);
  });
});
