import { expect, test } from "vitest";
import { SpanTimeline } from "../../src/index.ts";
import { decodeTrace, sliceCycles } from "../support/perfetto-decoder.ts";

function recorded(): SpanTimeline {
  const timeline = new SpanTimeline("a layer");
  timeline.span("gpu 0/kernel", { from: 0.4, until: 10.2 }, "attention");
  timeline.span("gpu 0/kernel", { from: 10.2, until: 30 }, "experts");
  timeline.span("gpu 0/memory", { from: 5, until: 25 }, "experts");
  timeline.counter("gpu 0", { name: "tokens", unit: "tokens" }, 5, 64);
  return timeline;
}

test("spans and counters come back by their lines, rounded to whole nanoseconds", () => {
  const { tracks, events } = decodeTrace(recorded().encode());
  const uuid = (name: string): number => tracks.find((track) => track.name === name)!.uuid;
  expect(tracks[0]!.name).toBe("a layer");
  expect([...sliceCycles(events, uuid("kernel"))]).toEqual([
    ["attention", 10],
    ["experts", 20],
  ]);
  expect([...sliceCycles(events, uuid("memory"))]).toEqual([["experts", 20]]);
  expect(events.filter(({ track }) => track === uuid("tokens")).map(({ value }) => value)).toEqual([64]);
});

test("the same calls give the same bytes, and a window cuts", () => {
  expect(recorded().encode()).toEqual(recorded().encode());
  const cut = new SpanTimeline("a layer", { from: 5, until: 8 });
  cut.span("line", { from: 0, until: 20 }, "long");
  expect([...sliceCycles(decodeTrace(cut.encode()).events, 3)]).toEqual([["long", 3]]);
  expect(cut.truncatedAt).toBe(null);
});
