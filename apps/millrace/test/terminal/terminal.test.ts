import { describe, expect, test } from "vitest";
import { writeJson } from "../../src/terminal/json.ts";
import { Progress } from "../../src/terminal/progress.ts";
import { formatBytes, formatCount, formatDuration, formatRatio, formatShare } from "../../src/terminal/quantity.ts";
import { renderPairs, renderTable } from "../../src/terminal/table.ts";
import { recordingHost } from "../support/recording-host.ts";

describe("tables", () => {
  test("numbers keep right, text keeps left, and no line ends in blanks", () => {
    const columns = [
      { heading: "kernel", align: "left" },
      { heading: "cycles", align: "right" },
      { heading: "note", align: "left" },
    ] as const;
    expect(
      renderTable(columns, [
        ["spmv", "1,234", ""],
        ["sddmm µ", "9", "ok"],
      ]),
    ).toBe(["kernel   cycles  note", "-------  ------  ----", "spmv      1,234", "sddmm µ       9  ok", ""].join("\n"));
  });

  test("pairs align their values", () => {
    expect(
      renderPairs([
        ["rows", "34"],
        ["max row", "17"],
      ]),
    ).toBe("rows     34\nmax row  17\n");
  });
});

test("quantities read as people write them", () => {
  expect([0, 999, 1234567, -1234.5].map((value) => formatCount(value))).toEqual(["0", "999", "1,234,567", "-1,235"]);
  expect([0, 999, 1500, 1.5e6, 999_999, 2e13].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.50 kB",
    "1.50 MB",
    "1.00 MB",
    "20.0 TB",
  ]);
  expect([1, 12.34, 123.4].map(formatRatio)).toEqual(["1.00x", "12.3x", "123x"]);
  expect([0, 0.0004, 0.005, 0.46, 1].map(formatShare)).toEqual(["0 %", "<0.1 %", "0.5 %", "46 %", "100 %"]);
  expect([1234, 59_400, 75_000].map(formatDuration)).toEqual(["1.2 s", "59 s", "1 min 15 s"]);
});

describe("JSON output", () => {
  const written = (value: Parameters<typeof writeJson>[1]): string[] => {
    const texts: string[] = [];
    writeJson((text) => texts.push(text), value);
    return texts;
  };

  test("is what JSON.stringify makes, for plain values", () => {
    const value = { a: [1, [2.5, -3], 'x\n"', null], b: {}, c: [], d: true, e: { f: [[]] } };
    expect(written(value).join("")).toBe(`${JSON.stringify(value)}\n`);
  });

  test("leaves undefined members out and spells numbers JSON has no form for", () => {
    expect(written({ a: undefined, b: Number.NaN, c: [-0, Number.NEGATIVE_INFINITY] }).join("")).toBe(
      '{"b":"NaN","c":[-0,"-Infinity"]}\n',
    );
  });

  test("walks iterables in pieces of bounded size", () => {
    function* entries() {
      for (let at = 0; at < 100_000; at++) yield [at, at, 0.5];
    }
    const texts = written({ entries: entries() });
    expect(JSON.parse(texts.join("")).entries).toHaveLength(100_000);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(1 << 17);
  });
});

describe("the live line", () => {
  test("shows task, count, rate and time left on a terminal, and is cleared", () => {
    const recorder = recordingHost({ terminal: true });
    const progress = new Progress(recorder.host, false);
    progress.begin("simulating");
    progress.report(500, 1500, "tokens");
    progress.clear();
    const lines = recorder.stderr().split("\r\u001b[K");
    expect(lines).toEqual(["", "simulating", "simulating: 500/1,500 tokens, 250 tokens/s, 4.0 s left", ""]);
  });

  test.each([
    { terminal: false, quiet: false },
    { terminal: true, quiet: true },
  ])("is silent with terminal $terminal and quiet $quiet", ({ terminal, quiet }) => {
    const recorder = recordingHost({ terminal });
    const progress = new Progress(recorder.host, quiet);
    progress.begin("simulating");
    progress.report(1, 2, "tokens");
    progress.clear();
    expect(recorder.stderr() + recorder.stdout()).toBe("");
  });
});
