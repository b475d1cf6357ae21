import { Graph, simulate } from "@millrace/sim-core";
import { expect, test } from "vitest";
import { OutPort } from "../../src/blocks/out-port.ts";
import { BitvectorScanner } from "../../src/blocks/scan/bitvector-scanner.ts";
import { tokenText } from "../../src/blocks/token.ts";
import { scannedBitvector } from "../../src/simulate/operand-arrays.ts";
import { RecordingPort, type StreamRecord } from "../../src/simulate/stream-record.ts";
import { samSync } from "../../src/timing/sam-sync.ts";
import { Feeder, Sink } from "../support/feeder.ts";
import { store } from "../support/random-programs.ts";

test("gives the words of each fibre with the position of their first bit, one a step, and the stops of a scanner", () => {
  const cells = new Array(3 * 40).fill(0);
  for (const [row, column] of [
    [0, 0],
    [0, 3],
    [0, 35],
    [2, 1],
    [2, 39],
  ] as const)
    cells[40 * row + column] = 1;
  const tensor = store([3, 40], cells, "db");
  const level = scannedBitvector(tensor, 1, { tensor: "T", block: "scan", kind: "bitvector" });
  const machine = new Graph();
  const input = machine.channel("ref");
  machine.add(new Feeder(input, [0, 2, "N", "S0", 1, "S1", "D"]));
  const record: StreamRecord = new Map();
  const outputs = ["bv", "positions"].map((name) => {
    const channel = machine.channel(name);
    machine.add(new Sink(channel));
    return new RecordingPort(new OutPort([channel]), record);
  });
  machine.add(
    new BitvectorScanner({ id: "scan", inputs: [input], inputNames: ["ref"], outputs, timing: samSync }, level),
  );
  expect(simulate(machine).deadlock).toBe(null);
  const text = (name: string): string =>
    record
      .get(name)!
      .tags.map((tag, k) => tokenText(record.get(name)!.payloads[k]!, tag))
      .join(" ");
  expect(text("bv")).toBe("9 8 S0 2 128 S0 S1 0 0 S2 D");
  expect(text("positions")).toBe("0 2 S0 3 4 S0 S1 3 3 S2 D");
  expect(record.get("bv")!.times).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
