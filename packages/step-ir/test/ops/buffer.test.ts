import { describe, expect, it } from "vitest";
import {
  bufferize,
  printElement,
  printShape,
  ragged,
  regular,
  shapeOf,
  source,
  streamify,
  streamifyPer,
  tile,
} from "../../src/index.ts";
import { carried, run } from "../support/run.ts";
import { scalarSource, scalars, shown } from "../support/streams.ts";

const example = "1.2.S1.3.S2.4.S1.5.6.7.S2.D";

describe("bufferize and streamify", () => {
  it("give a stream back unchanged, with its empty groups", () => {
    const { program, input } = scalarSource(2, [0]);
    const buffers = bufferize(input, { rank: 1 });
    expect(printShape(buffers.shape)).toBe("[D2, D1]");
    expect(printElement(buffers.element)).toBe("buffer(f32[1, 1], [~D0])");
    const back = streamify(buffers);
    expect(printShape(back.shape)).toBe("[D2, D1, ~D0]");
    expect(run(program, back, example)).toBe(example);
    expect(run(program, back, "S1.1.S2.D")).toBe("S1.1.S2.D");
  });

  it("read buffers of two dimensions as often as they are told", () => {
    const program = scalarSource(0).program;
    const y = source(program, { id: "y", shape: shapeOf(2, 2, 2), element: tile("f32", 1, 1) });
    const twice = streamify(bufferize(y, { rank: 2 }), { repeat: [2] });
    expect(printShape(twice.shape)).toBe("[2, 2, 2, 2]");
    const given = scalars("1.2.S1.3.4.S2.5.6.S1.7.8.S2.D", 2);
    const half = (a: number): string => `${a}.${a + 1}.S1.${a + 2}.${a + 3}`;
    expect(shown(carried(program, twice, { x: [], y: given }))).toBe(
      `${half(1)}.S2.${half(1)}.S3.${half(5)}.S2.${half(5)}.S3.D`,
    );
  });

  it("read buffers once per element of a reference", () => {
    const program = scalarSource(0).program;
    const y = source(program, { id: "y", shape: shapeOf(2, 1, 2), element: tile("f32", 1, 1) });
    program.symbol("L");
    const r = source(program, { id: "r", shape: [regular(2), ragged("L")], element: tile("f32", 1, 1) });
    const read = streamifyPer(bufferize(y, { rank: 1 }), r, { rank: 0 });
    expect(printShape(read.shape)).toBe("[2, ~L, 2]");
    const given = { x: [], y: scalars("1.2.S2.3.4.S2.D", 2), r: scalars("0.0.0.S1.S1.D", 1) };
    expect(shown(carried(program, read, given))).toBe("1.2.S1.1.2.S1.1.2.S2.S2.D");
  });

  it("read static buffers in an affine order and refuse to so read dynamic ones", () => {
    const program = scalarSource(0).program;
    const y = source(program, { id: "y", shape: shapeOf(1, 2, 3), element: tile("f32", 1, 1) });
    const transposed = streamify(bufferize(y, { rank: 2 }), { shape: [3, 2], stride: [1, 3] });
    const given = scalars("1.2.3.S1.4.5.6.S2.D", 2);
    expect(shown(carried(program, transposed, { x: [], y: given }))).toBe("1.4.S1.2.5.S1.3.6.S2.D");
    const { input } = scalarSource(2, [0]);
    expect(() => streamify(bufferize(input, { rank: 1 }), { shape: [2], stride: [1], id: "s" })).toThrow(
      "streamify \"s\": dim 0 of the buffer is dynamic. buffer [~D0]; an affine read needs a buffer whose dimensions are all static. Hint: leave out 'shape' and 'stride' to read it in order.",
    );
  });

  it("hold ragged dimensions outermost only", () => {
    const { input } = scalarSource(2, [0]);
    expect(() => bufferize(input, { rank: 2, id: "b" })).toThrow(
      "only the outermost dimension of a buffer may be ragged",
    );
  });
});
