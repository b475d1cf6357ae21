import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  expertOnPim,
  gemvStream,
  hardwareNamed,
  modelNamed,
  models,
  PimRequests,
  PimTokenTimes,
  pimSpec,
  pimTimings,
  readPimTrace,
  runRequests,
  streamCycles,
  timingNamed,
  writePimTrace,
  Xorshift32,
} from "../../src/index.ts";
import { caught } from "../support/caught.ts";
import { type GemvCase, gemvCases, recordedText } from "../support/recorded.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function streamOf({ gemv }: GemvCase): PimRequests {
  return gemvStream({
    shape: { rowsPerChannel: gemv.rowsPerChannel, columns: gemv.cols, bytes: gemv.bytes },
    channels: gemv.channels,
    tokens: gemv.tokens,
    spread: gemv.spread === "bg" ? "bankgroups" : "banks",
    sameWeights: gemv.sameWeights ?? true,
  });
}

describe("a product, command by command", () => {
  it.each(gemvCases)("is as recorded, to the last command: $id", (recorded) => {
    const { timing, refresh, gemv, expected } = recorded;
    const spec = pimSpec(timingNamed(timing), gemv.channels);
    const run = runRequests(streamOf(recorded), { spec, refresh: refresh !== "No", log: true });
    expect(run.cycles).toBe(expected.memory_system_cycles);
    expect(run.commands).toEqual(expected.commandHistogram);
    for (const [channel, hash] of Object.entries(expected.commandTraceSha256)) {
      expect(sha256(run.logs[Number(channel.slice(2))]!), channel).toBe(hash);
    }
  });

  it("sustains 256 to 258 bytes a cycle and channel where it is large", () => {
    const large = gemvCases.find(({ id }) => id === "row512__HBM3_5.2Gbps__AllBankHBM3")!;
    const spec = pimSpec(timingNamed(large.timing), 1);
    const { cycles, commands } = runRequests(streamOf(large), { spec, refresh: true });
    expect((commands.MACAB! * 2048) / cycles).toBeGreaterThan(256);
    expect((commands.MACAB! * 2048) / cycles).toBeLessThan(258);
  });

  it("takes the cycles of the closed form on streams nobody recorded", () => {
    const random = new Xorshift32(40);
    for (let tried = 0; tried < 200; ) {
      const timing = pimTimings[random.next() % pimTimings.length]!;
      const requests = new PimRequests();
      const shapes = Array.from({ length: 1 + (random.next() % 4) }, (_, at) => {
        // Vectors long enough that rows open behind their writes.
        const shape = {
          rowsPerChannel: 1 + (random.next() % 60),
          columns: 1024 + 16 * (random.next() % 90),
          bytes: 1 + (random.next() % 2),
        };
        gemvStream({ shape, channels: 1, firstRow: at * 512 }, requests);
        return shape;
      });
      const written = shapes.every(({ columns, bytes }) => columns * bytes >= 64 * 32);
      if (!written) continue;
      tried += 1;
      const { cycles } = runRequests(requests, { spec: pimSpec(timing, 1), refresh: false });
      expect(cycles, JSON.stringify({ shapes, timing: timing.name })).toBe(streamCycles(shapes, timing));
    }
  });
});

describe("attention, command by command", () => {
  const { cases } = JSON.parse(recordedText("attention-traces.json.gz")) as {
    readonly cases: readonly {
      readonly id: string;
      readonly timing: string;
      readonly channels: number;
      readonly trace: string;
      readonly expectedCycles: number;
    }[];
  };

  it.each(cases)("takes the recorded cycles: $id", ({ timing, channels, trace, expectedCycles }) => {
    const run = runRequests(readPimTrace(trace), { spec: pimSpec(timingNamed(timing), channels), refresh: true });
    expect(run.cycles).toBe(expectedCycles);
  });

  it("has a trace that reads back as it was written", () => {
    for (const { trace } of cases) {
      const requests = readPimTrace(trace);
      expect(readPimTrace(writePimTrace(requests))).toEqual(requests);
    }
  });
});

describe("an expert, command by command", () => {
  it("agrees with the closed form: exactly without refreshing, within 1 % with it", () => {
    for (const model of models) {
      for (const gpu of ["h200", "b200"]) {
        const { shapes, timing, groupNs } = expertOnPim(model, hardwareNamed(gpu));
        const pair = [shapes.gateUp, shapes.down];
        expect(new PimTokenTimes(shapes, timing, false).cycles(3)).toBe(
          streamCycles([...pair, ...pair, ...pair], timing),
        );
        const tokens = Math.ceil(200_000 / streamCycles(pair, timing));
        const refreshed = new PimTokenTimes(shapes, timing, true).ns(tokens);
        expect(Math.abs(refreshed / (tokens * groupNs[1]!) - 1), model.id).toBeLessThan(0.01);
      }
    }
  });

  it("hides most of a refresh behind its writes where it is small", () => {
    const stretch = (id: string): number => {
      const { groupNs, groupCycles, timing } = expertOnPim(modelNamed(id), hardwareNamed("b200"));
      return groupNs[1]! / ((groupCycles[1]! * timing.tCKps) / 1000);
    };
    expect(stretch("qwen3.5-397b-a17b")).toBeLessThan(1.03);
    expect(stretch("mixtral-8x7b")).toBeGreaterThan(1.03);
  });
});

describe("a trace that is wrong", () => {
  it("is refused with its line", () => {
    expect(caught(() => readPimTrace("PIM_MAC_AB 0x0\nPIM_MAC 0x0\n", "t")).place.path).toBe("t:2");
    expect(caught(() => readPimTrace("PIM_MAC_AB 12\n")).message).toContain("an address, not");
    const far = readPimTrace("PIM_MAC_AB 0x1c0000000\n");
    const error = caught(() => runRequests(far, { spec: pimSpec(timingNamed("HBM3_5.2Gbps"), 4), refresh: true }));
    expect(error.message).toBe("request 1 is for channel 7, but there are 4");
  });
});
