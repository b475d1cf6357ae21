import { Graph, simulate } from "@millrace/sim-core";
import { describe, expect, test } from "vitest";
import { PointAccumulator } from "../../src/blocks/accumulate/point-accumulator.ts";
import type { Block, BlockWiring } from "../../src/blocks/block.ts";
import { Alu } from "../../src/blocks/compute/alu.ts";
import { ArrayLoad } from "../../src/blocks/compute/array.ts";
import { Reduce } from "../../src/blocks/compute/reduce.ts";
import { RegisteredJoiner } from "../../src/blocks/join/registered-joiner.ts";
import { OutPort } from "../../src/blocks/out-port.ts";
import { Repeat } from "../../src/blocks/repeat/repeat.ts";
import { RepeatSignal } from "../../src/blocks/repeat/repeat-signal.ts";
import { LevelScanner } from "../../src/blocks/scan/level-scanner.ts";
import { CrdDrop } from "../../src/blocks/shape/crd-drop.ts";
import { EmptyFiberDrop } from "../../src/blocks/shape/empty-fiber-drop.ts";
import { PackBits } from "../../src/blocks/shape/pack-bits.ts";
import { Split } from "../../src/blocks/shape/split.ts";
import { StopDrop } from "../../src/blocks/shape/stop-drop.ts";
import { tokenText } from "../../src/blocks/token.ts";
import { LevelWriter } from "../../src/blocks/write/level-writer.ts";
import { addCrdHold } from "../../src/simulate/global-clock-parts.ts";
import { nonemptyFibers } from "../../src/simulate/outputs/fiber-structure.ts";
import { RecordingPort, type StreamRecord } from "../../src/simulate/stream-record.ts";
import { samSync } from "../../src/timing/sam-sync.ts";
import { Feeder, Sink } from "../support/feeder.ts";
import { type PrimitiveTrace, primitiveTraces } from "../support/reference-data.ts";

type Maker = (wiring: BlockWiring, trace: PrimitiveTrace, machine: Graph) => Block;

/** Port orders of our blocks by the trace's port names, and how to make the block. */
const makers: Record<string, { inputs: string[]; outputs: string[]; make: Maker }> = {
  level_scanner_compressed: {
    inputs: ["ref"],
    outputs: ["crd", "ref"],
    make: (wiring, { params: { seg, crd } }) => {
      const arrays = { positions: Int32Array.from(seg!), coordinates: Int32Array.from(crd!) };
      return new LevelScanner(wiring, { fibers: seg!.length - 1, size: 100, ...arrays });
    },
  },
  level_scanner_dense: {
    inputs: ["ref"],
    outputs: ["crd", "ref"],
    make: (wiring, { params }) =>
      new LevelScanner(wiring, { fibers: 100, size: params.dim!, positions: null, coordinates: null }),
  },
  repeat: { inputs: ["ref", "repsig"], outputs: ["ref"], make: (wiring) => new Repeat(wiring) },
  repsiggen: { inputs: ["in"], outputs: ["repsig"], make: (wiring) => new RepeatSignal(wiring) },
  array_load: {
    inputs: ["ref"],
    outputs: ["val"],
    make: (wiring, { params }) => new ArrayLoad(wiring, Float64Array.from(params.vals!)),
  },
  reduce: { inputs: ["val"], outputs: ["val"], make: (wiring) => new Reduce(wiring, "add") },
  crddrop: { inputs: ["outer", "inner"], outputs: ["outer", "inner"], make: (wiring) => new CrdDrop(wiring) },
  crdhold: {
    inputs: ["outer", "inner"],
    outputs: ["outer", "inner"],
    make: (wiring, _, machine) =>
      addCrdHold(machine, { id: wiring.id, type: "crdhold", outer: "", inner: "" }, wiring)!,
  },
  stkn_drop: { inputs: ["in"], outputs: ["out"], make: (wiring) => new StopDrop(wiring) },
  empty_fiber_stkn_drop: { inputs: ["in"], outputs: ["out"], make: (wiring) => new EmptyFiberDrop(wiring) },
  crd_to_bitvector: { inputs: ["crd"], outputs: ["bv"], make: (wiring) => new PackBits(wiring) },
  split: {
    inputs: ["crd"],
    outputs: ["outer", "inner"],
    make: (wiring, { params }) => new Split(wiring, params.split_factor!),
  },
  level_writer_compressed: { inputs: ["crd"], outputs: [], make: (wiring) => new LevelWriter(wiring) },
};
for (const kind of ["intersect", "union"] as const) {
  const make: Maker = (wiring) => new RegisteredJoiner(wiring, kind);
  makers[kind] = { inputs: ["crd1", "ref1", "crd2", "ref2"], outputs: ["crd", "ref1", "ref2"], make };
}
for (const kind of ["add", "sub", "mul"] as const) {
  const make: Maker = (wiring) => new Alu(wiring, kind);
  makers[`alu_${kind}`] = { inputs: ["in1", "in2"], outputs: ["val"], make };
}
for (const coordinates of [1, 2]) {
  const ports = ["crd_inner", "crd_outer", "val"];
  makers[`spacc${coordinates}`] = {
    inputs: ports,
    outputs: ports,
    make: (wiring) => new PointAccumulator(wiring, coordinates),
  };
}

function run(trace: PrimitiveTrace): { block: Block; streams: StreamRecord } {
  const { inputs, outputs, make } = makers[trace.primitive]!;
  const machine = new Graph();
  const channels = inputs.map((name) => {
    const channel = machine.channel(`in ${name}`);
    machine.add(new Feeder(channel, trace.inputs[name]!));
    return channel;
  });
  const streams: StreamRecord = new Map();
  const ports = outputs.map((name) => {
    const channel = machine.channel(name);
    machine.add(new Sink(channel));
    return new RecordingPort(new OutPort([channel]), streams);
  });
  const wiring = { id: trace.primitive, inputs: channels, inputNames: inputs, outputs: ports, timing: samSync };
  const block = make(wiring, trace, machine);
  if (block.index < 0) machine.add(block);
  expect(simulate(machine).deadlock).toBe(null);
  return { block, streams };
}

const traces = primitiveTraces();
describe.each([...new Set(traces.map(({ primitive }) => primitive))])("%s", (primitive) => {
  test.each(traces.filter((trace) => trace.primitive === primitive))(
    "gives the recorded tokens in the recorded cycles: $id",
    (trace) => {
      const { block, streams } = run(trace);
      expect(block.clock - 1).toBe(trace.doneCycle);
      if (block instanceof LevelWriter) {
        const { crd, seg } = trace.outputs;
        const fibers = nonemptyFibers(block.written.view(), seg!.length - 1)!;
        expect([...fibers.coordinates]).toEqual(crd);
        expect([...fibers.positions]).toEqual(seg);
        return;
      }
      for (const [port, tokens] of Object.entries(trace.outputs)) {
        const { payloads, tags, times } = streams.get(port)!;
        const text = tags.map((tag, k) => tokenText(payloads[k]!, tag));
        // A repeat signal's stop has no order; the recording prints it bare.
        expect(text).toEqual(tokens.map((token) => (token === "S" ? "S0" : String(token))));
        expect(times).toEqual(trace.outputCycles[port]);
      }
    },
  );
});

test("all 123 recorded traces are used", () => {
  expect(traces).toHaveLength(123);
});
