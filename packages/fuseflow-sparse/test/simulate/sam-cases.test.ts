import { type Tensor, unpack } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { tokenText } from "../../src/blocks/token.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { type SamCase, samCases } from "../support/reference-data.ts";

/** Entries of a tensor by coordinates, without stored zeros. */
function entries(tensor: Tensor): Map<string, number> {
  const { coordinates, values } = unpack(tensor);
  const found = new Map<string, number>();
  values.forEach((value, entry) => {
    if (value !== 0) found.set(coordinates.map((column) => column[entry]!).join(","), value);
  });
  return found;
}

/** The recorded output as a tensor of the same storage. */
function recordedOutput({ expected, graph, output }: SamCase, shape: readonly number[]): Tensor {
  const { modeOrder } = graph.tensors[output]!;
  const levels = expected.levels.map(({ seg, crd }, level) => ({
    kind: "compressed" as const,
    size: shape[modeOrder[level]!]!,
    positions: Int32Array.from(seg),
    coordinates: Int32Array.from(crd),
  }));
  const format = { levels: levels.map(({ kind }) => ({ kind })), modeOrder };
  return { shape, format, levels, valueType: "float64", values: Float64Array.from(expected.values) };
}

/** Recorded numbers carry a decimal point in value streams; a repeat signal's stop has no order. */
function normalized(token: string): string {
  return token === "S" ? "S0" : token.replace(/\.0$/, "");
}

/** Where the recording has the value 0 and our stream a token for an empty fibre: its union takes that token for a coordinate. */
function isLeak(ours: string, recorded: string): boolean {
  return ours === "N" && recorded === "0";
}

describe.each([...samCases()])("the recorded case %s", (_, reference) => {
  const { graph, operands, expected } = reference;
  const simulation = simulateSam(graph, operands, { profile: "sam-sync", recordStreams: true });

  test("takes the recorded cycles", () => {
    expect(simulation.report.deadlock).toBe(null);
    expect(simulation.report.cycles).toBe(expected.cycles);
  });

  test("gives the recorded output", () => {
    const output = simulation.outputs[reference.output]!;
    expect(entries(output)).toEqual(entries(recordedOutput(reference, output.shape)));
    if (output.values.length === expected.values.length) expect([...output.values]).toEqual(expected.values);
  });

  if (reference.streams.length > 0)
    test("has the recorded tokens on every edge", () => {
      for (const { edges, tokens } of reference.streams) {
        edges.forEach((edge, column) => {
          const { payloads, tags } = simulation.streams!.get(edge)!;
          const ours = tags.map((tag, place) => tokenText(payloads[place]!, tag));
          const recorded = tokens[column]!.map(normalized);
          expect(ours.map((token, place) => (isLeak(token, recorded[place]!) ? "0" : token))).toEqual(recorded);
        });
      }
    });

  const depths = Object.entries(expected.cyclesByFifoDepth);
  if (depths.length > 0)
    test("takes the recorded cycles at every queue depth", () => {
      for (const [depth, cycles] of depths) {
        const options = { profile: "sam-sync", fifo: Number(depth), mode: "timing" } as const;
        const { report } = simulateSam(graph, operands, options);
        expect([depth, report.deadlock, report.cycles]).toEqual([depth, null, cycles]);
      }
    });
});

test("68 cases are used, 51 of them with queue depths", () => {
  const cases = [...samCases().values()];
  expect(cases).toHaveLength(68);
  expect(cases.filter(({ expected }) => Object.keys(expected.cyclesByFifoDepth).length > 0)).toHaveLength(51);
});
