import { describe, expect, test } from "vitest";
import { logBars, timeBar } from "../../src/report/bars.ts";
import { drawHeatMap } from "../../src/report/heat-map.ts";
import { logAxis, tickLabel } from "../../src/report/log-axis.ts";
import { html, nothing, trusted } from "../../src/report/markup.ts";
import { reportPage, reportTable } from "../../src/report/page.ts";
import { drawRoofline } from "../../src/report/roofline.ts";
import { sharesBar } from "../../src/report/shares-bar.ts";

describe("markup", () => {
  test("escapes text and numbers, takes markup as it is and joins lists", () => {
    const inner = html`<b>${'<&">'}</b>`;
    expect(html`${inner}${["a", 1, nothing, trusted("<i/>")]}`.markup).toBe("<b>&lt;&amp;&quot;&gt;</b>a1<i/>");
  });

  test("a page cannot be broken out of by a title or a cell", () => {
    const page = reportPage("</title><script>", [reportTable([{ heading: "<h>" }], [["</td><script>"]])]);
    expect(page).not.toContain("<script>");
  });
});

describe("a logarithmic axis", () => {
  test("covers all values with whole powers", () => {
    const axis = logAxis([3, 700], 10, 0, 100);
    expect([axis.least, axis.most, axis.ticks]).toEqual([1, 1000, [1, 10, 100, 1000]]);
    expect(axis.place(1000)).toBeCloseTo(100);
    expect(axis.place(10)).toBeCloseTo(100 / 3);
  });

  test("does not grow past an exact power, and clips what lies outside", () => {
    expect(logAxis([8, 1 / 8], 2, 0, 1)).toMatchObject({ least: 1 / 8, most: 8 });
    expect(logAxis([8], 2, 10, 20).place(1e9)).toBe(20);
  });

  test("labels fractions of two and thousands shortly", () => {
    expect([0.125, 1, 4096, 1e6, 2e9].map(tickLabel)).toEqual(["1/8", "1", "4096", "1M", "2G"]);
  });
});

describe("the roofline", () => {
  const roof = { flopsPerCycle: 4, bytesPerCycle: 16 };
  const atRidge = { label: "at the ridge", flops: 400, bytes: 1600, cycles: 100 };
  const place = (svg: string): [number, number] => {
    const [, cx, cy] = /class="mark" cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)!;
    return [Number(cx), Number(cy)];
  };

  test("puts a kernel at both limits where the two lines of the roof meet", () => {
    const svg = drawRoofline([atRidge], roof).markup;
    const corners = /class="roof" points="([^"]+)"/
      .exec(svg)![1]!
      .split(" ")
      .map((corner) => corner.split(",").map(Number));
    expect(corners).toHaveLength(3);
    expect(place(svg)).toEqual(corners[1]);
  });

  test("puts a kernel of half the throughput lower, and names it in a tooltip", () => {
    const slow = { ...atRidge, label: "slow <one>", cycles: 200 };
    expect(place(drawRoofline([slow], roof).markup)[1]).toBeGreaterThan(place(drawRoofline([atRidge], roof).markup)[1]);
    expect(drawRoofline([slow], roof).markup).toContain(
      "<title>slow &lt;one&gt;: 400 operations, 1.60 kB, 200 cycles</title>",
    );
  });

  test("is flat where memory is not modelled", () => {
    const svg = drawRoofline([atRidge], { flopsPerCycle: 4, bytesPerCycle: null }).markup;
    const heights = /class="roof" points="([^"]+)"/
      .exec(svg)![1]!
      .split(" ")
      .map((corner) => corner.split(",")[1]);
    expect(new Set(heights).size).toBe(1);
  });
});

describe("bars", () => {
  test("of time show shares of the whole run", () => {
    const bar = timeBar({ busy: 25, starved: 50, blocked: 0 }, 100).markup;
    expect(bar).toContain('title="busy 25 %, starved 50 %, blocked 0 %"');
    expect([...bar.matchAll(/width:([\d.]+)%/g)].map(([, width]) => Number(width))).toEqual([25, 50, 0]);
  });

  test("of sizes share one logarithmic scale", () => {
    const widths = [
      ...logBars([
        { label: "a", size: 10 },
        { label: "b", size: 1000 },
      ]).markup.matchAll(/width:([\d.]+)%/g),
    ];
    expect(widths.map(([, width]) => Number(width))).toEqual([33.3, 100]);
  });
});

describe("a heat map", () => {
  const map = {
    label: "banks",
    columns: 2,
    title: (cell: number) => `cell ${cell}`,
    rowName: (row: number) => `${row}`,
  };

  test("is darkest where the value is largest, and clear where there is none", () => {
    const svg = drawHeatMap({ ...map, values: [0, 5, 10, 1] }).markup;
    const shades = [...svg.matchAll(/fill-opacity="([\d.]+)"><title>cell (\d)/g)].map(([, shade]) => Number(shade));
    expect(shades).toEqual([0, 0.54, 1, 0.172]);
  });

  test("of nothing is clear", () => {
    expect(drawHeatMap({ ...map, values: [0, 0] }).markup).not.toContain('fill-opacity="1');
  });
});

test("a bar of shares leaves out parts of nothing and keeps the colours of the others", () => {
  const bar = sharesBar([
    { name: "data", share: 0.25 },
    { name: "nothing", share: 0 },
    { name: "refresh", share: 0.75 },
  ]).markup;
  expect(
    [...bar.matchAll(/class="part(\d)" style="width:([\d.]+)%/g)].map(([, at, width]) => [at, Number(width)]),
  ).toEqual([
    ["0", 25],
    ["2", 75],
  ]);
});
