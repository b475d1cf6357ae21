import fc from "fast-check";
import { expect, test } from "vitest";
import { Channel } from "../../src/index.ts";
import { random } from "../support/networks.ts";

/** Most tokens held at once, recounted from all times: a release frees its slot before a write of the same cycle takes one. */
function recount(writes: readonly number[], releases: readonly number[]): number {
  const events = [...writes.map((time) => [time, 1] as const), ...releases.map((time) => [time, -1] as const)];
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let held = 0;
  let most = 0;
  for (const [, change] of events) {
    held += change;
    most = Math.max(most, held);
  }
  return most;
}

/** Writes and reads `n` tokens, the host switching between the two ends at random; returns all times. */
function drive(channel: Channel, n: number, draw: (n: number) => number): { writes: number[]; releases: number[] } {
  const [writes, releases]: [number[], number[]] = [[], []];
  const [paceOfWriter, paceOfReader] = [1 + draw(5), 1 + draw(5)];
  let [writer, reader] = [0, 0];
  while (releases.length < n) {
    for (let burst = 1 + draw(20); burst > 0 && writes.length < n && channel.writable; burst--) {
      writer = channel.reserve(writer + draw(paceOfWriter));
      channel.put(writer, writes.length, -writes.length | 0);
      writes.push(writer);
    }
    for (let burst = 1 + draw(20); burst > 0 && channel.readable; burst--) {
      reader = channel.peek(reader + draw(paceOfReader));
      expect(channel.headPayload).toBe(releases.length);
      expect(channel.headTag).toBe(-releases.length | 0);
      channel.release(reader);
      releases.push(reader + channel.responseLatency);
    }
  }
  return { writes, releases };
}

const options = fc.record({
  capacity: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constant(Number.POSITIVE_INFINITY)),
  latency: fc.integer({ min: 1, max: 4 }),
  responseLatency: fc.integer({ min: 1, max: 4 }),
});

test("the high-water mark is that of a recount in simulated time, whatever the host's order", () => {
  fc.assert(
    fc.property(
      options,
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 400 }),
      (channelOptions, seed, n) => {
        const channel = new Channel("c", channelOptions);
        const { writes, releases } = drive(channel, n, random(seed));
        expect(channel.highWater).toBe(recount(writes, releases));
        expect(channel.highWater).toBeLessThanOrEqual(channel.capacity);
        expect(channel.tokens).toBe(n);
      },
    ),
    { seed: 20_24, numRuns: 500 },
  );
});

test("token numbers wrap around at 2^31 and at 2^32 without a trace", () => {
  for (const first of [0x7fff_ffff - 300, -300]) {
    const [wrapping, plain] = [new Channel("w", { capacity: 37 }, first), new Channel("p", { capacity: 37 })];
    expect(drive(wrapping, 700, random(5))).toEqual(drive(plain, 700, random(5)));
    expect([wrapping.tokens, wrapping.highWater]).toEqual([plain.tokens, plain.highWater]);
    expect([wrapping.starvedCycles, wrapping.blockedCycles]).toEqual([plain.starvedCycles, plain.blockedCycles]);
  }
});

test("times beyond 2^31 stay exact", () => {
  const channel = new Channel("c", { capacity: 1 });
  const start = 2 ** 52;
  channel.put(start, 1, 1);
  expect(channel.peek(0)).toBe(start + 1);
  channel.release(start + 1);
  expect(channel.reserve(start + 1)).toBe(start + 2);
  expect([channel.starvedCycles, channel.blockedCycles]).toEqual([start + 1, 1]);
});

test("options that are no integers of at least 1 are refused", () => {
  for (const wrong of [
    { capacity: 0 },
    { capacity: 1.5 },
    { latency: 0 },
    { responseLatency: -1 },
    { latency: Number.POSITIVE_INFINITY },
  ]) {
    expect(() => new Channel("c", wrong)).toThrow(expect.objectContaining({ code: "channel-options" }));
  }
});
