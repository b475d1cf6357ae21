import { SpanTimeline } from "@millrace/sim-core";
import { describe, expect, it } from "vitest";
import { compareTimelines } from "../../src/timeline/divergence.ts";
import { spanAt, spansOnPixels, valuesOnPixels } from "../../src/timeline/on-pixels.ts";
import { handOver, type OwnWindow, PERFETTO } from "../../src/timeline/perfetto.ts";
import { shownTracks, toggled } from "../../src/timeline/rows.ts";
import { timeByName } from "../../src/timeline/time-by-name.ts";
import { fitted, moved, parseWindow, printWindow, zoomed } from "../../src/timeline/window.ts";
import { readTimelineView, type TimelineView } from "../../src/view/timeline.ts";

type Span = readonly [path: string, from: number, until: number, name: string];

function recorded(spans: readonly Span[], counts: readonly (readonly [number, number])[] = []): TimelineView {
  const timeline = new SpanTimeline("step");
  for (const [path, from, until, name] of spans) timeline.span(path, { from, until }, name);
  for (const [time, value] of counts) timeline.counter("gpu", { name: "power", unit: "W" }, time, value);
  return readTimelineView(timeline.encode(), "x.pftrace");
}

const spans: readonly Span[] = [
  ["gpu/0", 0, 10, "busy"],
  ["gpu/0", 10, 14, "starved: in"],
  ["gpu/1", 5, 20, "busy"],
  ["pim", 2, 3, "gemv 7"],
];

describe("a timeline", () => {
  const timeline = recorded(spans, [
    [0, 1.5],
    [8, 40],
  ]);

  it("has the tracks of the recording as a tree, and their spans and values", () => {
    expect(timeline.unit).toBe("ns");
    expect(timeline.end).toBe(20);
    expect(timeline.tracks.map(({ path, depth, under, unit }) => [path, depth, under, unit])).toEqual([
      ["step", 0, 6, undefined],
      ["nodes", 1, 5, undefined],
      ["nodes/gpu", 2, 3, undefined],
      ["nodes/gpu/0", 3, 0, undefined],
      ["nodes/gpu/1", 3, 0, undefined],
      ["nodes/gpu/power", 3, 0, "W"],
      ["nodes/pim", 2, 0, undefined],
    ]);
    const first = timeline.tracks[3]!.spans;
    expect([...first.from]).toEqual([0, 10]);
    expect([...first.until]).toEqual([10, 14]);
    expect([...first.name].map((at) => timeline.names[at])).toEqual(["busy", "starved: in"]);
    expect([...timeline.tracks[5]!.values.value]).toEqual([1.5, 40]);
  });

  it("folds what stands under a track, and finds tracks by words", () => {
    const folded = new Set(toggled(new Set(), "nodes/gpu").split("\n"));
    expect(shownTracks(timeline.tracks, folded, "")).toEqual([0, 1, 2, 6]);
    expect(shownTracks(timeline.tracks, folded, "GPU 1")).toEqual([4]);
    expect(toggled(folded, "nodes/gpu")).toBe("");
  });

  it("says where the time of a track went in a window", () => {
    expect(timeByName(timeline, timeline.tracks[3]!, { from: 4, until: 12 })).toEqual([
      { name: "busy", time: 6, spans: 1 },
      { name: "starved: in", time: 2, spans: 1 },
    ]);
  });

  it("is refused with the reason where the bytes are no trace", () => {
    const reason = (bytes: Uint8Array): string => {
      try {
        readTimelineView(bytes, "x.pftrace");
        return "read";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(reason(new TextEncoder().encode("{}"))).toContain("x.pftrace: something else than a packet");
    expect(reason(timeline.file.subarray(0, 30))).toContain("a message is longer than the file");
    expect(reason(new Uint8Array())).toBe("read");
  });
});

describe("a window", () => {
  it("stays inside the recording and survives the address", () => {
    expect(fitted({ from: -5, until: 5 }, 100)).toEqual({ from: 0, until: 10 });
    expect(fitted({ from: 99, until: 99 }, 100)).toEqual({ from: 96, until: 100 });
    expect(fitted({ from: 0, until: 1e9 }, 100)).toEqual({ from: 0, until: 100 });
    expect(parseWindow(printWindow({ from: 12.5, until: 40 }, 100), 100)).toEqual({ from: 12.5, until: 40 });
    expect(printWindow({ from: 0, until: 100 }, 100)).toBe("");
    expect(parseWindow("nonsense", 100)).toEqual({ from: 0, until: 100 });
  });

  it("zooms about a time and moves by a share", () => {
    expect(zoomed({ from: 0, until: 100 }, 0.5, 20)).toEqual({ from: 10, until: 60 });
    expect(moved({ from: 10, until: 20 }, -0.5)).toEqual({ from: 5, until: 15 });
  });
});

describe("pixels", () => {
  it("show each wide span once, and of narrow ones that at the pixel's middle, with work for the width alone", () => {
    const count = 100_000;
    const from = Float64Array.from({ length: count }, (_, at) => at * 10);
    const until = from.map((time, at) => time + (at % 2 === 0 ? 10 : 5));
    const many = { from, until, name: new Uint32Array(count) };
    const drawn: number[][] = [];
    const draw = (span: number, left: number, right: number) => drawn.push([span, left, right]);
    spansOnPixels(many, { from: 0, until: 40 }, 40, draw);
    expect(drawn).toEqual([
      [0, 0, 10],
      [1, 10, 15],
      [2, 20, 30],
      [3, 30, 35],
    ]);
    drawn.length = 0;
    spansOnPixels(many, { from: 0, until: count * 10 }, 50, draw);
    expect(drawn.length).toBeLessThanOrEqual(50);
    for (const [span, left] of drawn) expect(spanAt(many, (left! + 0.5) * ((count * 10) / 50))).toBe(span);
  });

  it("show the largest value of a counter", () => {
    const values = { time: Float64Array.of(0, 2, 3, 9), value: Float64Array.of(1, 7, 2, 8) };
    expect([...valuesOnPixels(values, { from: 0, until: 12 }, 4)]).toEqual([7, 2, 2, 8]);
  });
});

describe("two recordings", () => {
  it("part where the first track shows something else", () => {
    const here = recorded(spans);
    const changed = spans.map((span) => (span[0] === "gpu/1" ? (["gpu/1", 5, 21, "busy"] as const) : span));
    const { first, differing, common } = compareTimelines(here, recorded(changed));
    expect([differing, common]).toEqual([1, here.tracks.length]);
    expect(first).toEqual({
      path: "nodes/gpu/1",
      time: 5,
      here: { time: 5, shows: "busy until 20" },
      there: { time: 5, shows: "busy until 21" },
    });
    expect(compareTimelines(here, here).first).toBeUndefined();
  });

  it("part where one of them ends, and each lists the tracks that only it has", () => {
    const { first, onlyHere, onlyThere } = compareTimelines(recorded(spans), recorded(spans.slice(0, 1)));
    expect(first?.path).toBe("nodes/gpu/0");
    expect(first?.there).toBeUndefined();
    expect(onlyHere).toEqual(["nodes/gpu/1", "nodes/pim"]);
    expect(onlyThere).toEqual([]);
  });
});

describe("the hand-over to Perfetto", () => {
  it("asks until it is answered by that page alone, then posts the bytes once", () => {
    let hear: ((event: MessageEvent) => void) | undefined;
    let tick = () => {};
    let stopped = 0;
    const own: OwnWindow = {
      addEventListener: (_, listener) => {
        hear = listener;
      },
      removeEventListener: () => {
        hear = undefined;
      },
      setInterval: (work) => {
        tick = work;
        return 1;
      },
      clearInterval: () => {
        stopped += 1;
      },
    };
    const posted: unknown[][] = [];
    const file = Uint8Array.of(1, 2, 3);
    handOver({ postMessage: (...message) => posted.push(message) }, { file, title: "a run" }, own);
    tick();
    hear?.({ origin: "https://elsewhere.example", data: "PONG" } as MessageEvent);
    tick();
    hear?.({ origin: PERFETTO, data: "PONG" } as MessageEvent);
    expect(stopped).toBe(1);
    expect(hear).toBeUndefined();
    expect(posted).toEqual([
      ["PING", PERFETTO],
      ["PING", PERFETTO],
      [{ perfetto: { buffer: file.buffer, title: "a run", fileName: "a run.pftrace" } }, PERFETTO],
    ]);
  });
});
