import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const yaml = readFileSync(`${examples}/memories/ddr4-2400.yaml`, "utf8");

async function fault(inputs: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, stdout, stderr } = await millrace(["dram", ...inputs], { folder: folderWith(files) });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  return stderr;
}

describe("what is run", () => {
  test.each([
    [
      ["hbm3-640", "--trace", "t"],
      'error: "hbm3-640" is neither a file nor a preset\n  help: did you mean hbm3-6400?\n',
    ],
    [
      ["hbm4-8000", "--profile", "r20", "--trace", "t"],
      "error: preset hbm4-8000 exists in profile r21, not in r20\n  help: profile r20 has ddr3-1600, ddr4-2400, ddr4-3200, ddr5-3200, hbm2-2000, hbm2-2000-4gb, hbm3-2000 or hbm3-2000-4gb\n",
    ],
    [["ddr4-2400"], "error: no trace to run\n  help: name one with --trace FILE, or - for standard input\n"],
    [
      ["ddr4-2400", "--trace", "t", "--channels", "3"],
      "error: channels must be a power of two from 1 to 1024, not 3\n",
    ],
    [
      ["ddr4-2400", "--trace", "t", "--clock-ratio", "2"],
      'error: --clock-ratio must be FE:MEM, not "2"\n  help: for example 8:3\n',
    ],
  ])("%j", async (inputs, message) => {
    expect(await fault(inputs, { t: "LD 0x0\n" })).toBe(message);
  });
});

describe("traces with faults are told by line and column", () => {
  test.each([
    ["LD 0x40\nLD 0xg0\n", 'trace:2:4: error: expected an address, not "0xg0"\n  2 | LD 0xg0\n    |    ^^^^\n'],
    ["LX 0x40\n", 'trace:1:1: error: expected LD or ST, not "LX"\n  1 | LX 0x40\n    | ^^\n'],
    ["LD\n", "trace:1:3: error: expected an address\n"],
    ["LD 0x20000000000000\n", "trace:1:4: error: address 0x20000000000000 is not below 2^53\n"],
    ["ST 0x40 7\n", 'trace:1:9: error: expected the end of the line, not "7"\n'],
    ["-3 R 0x40\n", "trace:1:1: error: time -3 is negative\n"],
    ["5 R 0x40\n4 R 0x40\n", "trace:2:1: error: time 4 is before 5, that of the request above\n"],
    ["2000000000000 R 0x40\n", "trace:1:1: error: time is beyond 10^12 ticks\n"],
    ["R 0,0,9,0,0,0\n", "trace:1:7: error: BankGroup 9 is not below 4\n"],
    [
      "R 0,0,1\n",
      "trace:1:8: error: expected a comma and the Bank: a vector is Channel,Rank,BankGroup,Bank,Row,Column\n",
    ],
    ["\u0000\u0001\n", "trace:1:1: error: expected a request:"],
    [`LD ${"0".repeat(5000)}`, "trace:1:1025: error: a line is at most 1024 characters long"],
  ])("%j", async (trace, message) => {
    const stderr = await fault(["ddr4-2400", "--trace", "trace"], { trace });
    expect(stderr.slice(0, message.length)).toBe(message);
  });

  test("no bytes make more than a fault of the input", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary-ascii", maxLength: 60 }), async (text) => {
        const { status } = await millrace(["dram", "ddr4-2400", "--trace", "trace"], {
          folder: folderWith({ trace: text }),
        });
        expect([0, 2]).toContain(status);
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe("configurations with faults are told at their place", () => {
  test.each([
    ["clock_ratio: 3", "clock_rato: 3", "memory.yaml:8:3: error: unknown key clock_rato\n"],
    [
      "DDR4_2400R",
      "DDR4_2400X",
      'memory.yaml:17:15: error: MemorySystem.DRAM.timing.preset must be that of a known part, not "DDR4_2400X"\n',
    ],
    [
      "channel: 1",
      "channel: 3",
      "memory.yaml:14:16: error: MemorySystem.DRAM.org.channel must be a power of two, not 3\n",
    ],
    [
      "rank: 2",
      "rank: 2\n      bankgroup: 8",
      "memory.yaml:13:7: error: bankgroup x bank x row x column is 8 x 4 x 65536 x 1024 of 8 bits: 16384 Mb, which is not the density of 8192 Mb\n",
    ],
    [
      "cap: 4",
      "cap: none",
      "memory.yaml:27:12: error: MemorySystem.Controller.RowPolicy.cap must be an integer from 1 to 1000000\n",
    ],
    [
      "preset: DDR4_2400R",
      "preset: DDR4_2400R\n      nCWL: 30",
      "memory.yaml:17:7: error: nCL + nBL + 2 - nCWL makes -8 cycles from RD to WR: at least 0 is needed\n",
    ],
    [
      "preset: DDR4_2400R",
      "preset: DDR4_2400R\n      rate: 2666",
      "memory.yaml:18:13: error: rate is that of the preset, 2400: leave out one of them\n",
    ],
    [
      "preset: DDR4_2400R",
      "rate: 2400\n      nCL: 16",
      "memory.yaml:17:7: error: without a preset timing must say everything: nBL, nRCD, nRP, nRAS, nRC, nWR, nRTP, nCWL, nCCDS, nCCDL, nWTRS, nWTRL missing\n",
    ],
    [
      "preset: DDR4_8Gb_x8",
      "density: 8192",
      "memory.yaml:13:7: error: without a preset org must say everything: dq, bankgroup, bank, row, column missing\n",
    ],
    [
      "preset: DDR4_2400R",
      "preset: DDR4_2400R\n    voltage:\n      VDD: 1.2\n    current:\n      IDD0: 60",
      "memory.yaml:21:7: error: MemorySystem.DRAM.current.IDD2N must be a number from 0 to 10000\n",
    ],
    [
      "impl: FRFCFS",
      "impl: FCFS",
      'memory.yaml:22:13: error: MemorySystem.Controller.Scheduler.impl must be a known one, not "FCFS"\n',
    ],
    ["impl: DDR4", "impl: [", "memory.yaml:"],
  ])("%j as %j", async (right, wrong, message) => {
    expect(yaml).toContain(right);
    const stderr = await fault(["memory.yaml", "--trace", "t"], {
      "memory.yaml": yaml.replace(right, wrong),
      t: "LD 0x0\n",
    });
    expect(stderr.slice(0, message.length)).toBe(message);
  });

  test("a core in front of the memory is told to be missing, not refused", async () => {
    const files = { "memory.yaml": yaml.replace("LoadStoreTrace", "SimpleO3"), t: "LD 0x0\n" };
    const { status, stderr } = await millrace(["dram", "memory.yaml", "--trace", "t"], { folder: folderWith(files) });
    expect(status).toBe(0);
    expect(stderr).toBe("note: Frontend SimpleO3 is not modelled: requests come from the trace alone\n");
  });

  test("no text makes more than a fault of the input", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ maxLength: 80 }),
          fc.nat(yaml.length).map((cut) => yaml.slice(0, cut)),
        ),
        async (text) => {
          const files = { "memory.yaml": text, t: "LD 0x0\n" };
          const { status } = await millrace(["dram", "memory.yaml", "--trace", "t"], { folder: folderWith(files) });
          expect([0, 2]).toContain(status);
        },
      ),
      { seed: 7, numRuns: 80 },
    );
  });

  test("a spec that is no spec is told by the path to what is wrong", async () => {
    expect(await fault(["spec.json", "--trace", "t"], { "spec.json": "{}", t: "" })).toContain(
      "spec.json.levels: expected",
    );
    expect(await fault(["spec.json", "--trace", "t"], { "spec.json": "{", t: "" })).toContain("spec.json is not JSON");
  });
});
