import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readContext } from "../../../src/file/read-options.ts";
import { type BlockConsumer, feedBlocks } from "../../../src/file/text/line-blocks.ts";
import { bytesOf, faultOf, pieces } from "../support/read-text.ts";

/** Remembers blocks, and whether they were slices of a chunk or copies. */
class Recorder implements BlockConsumer {
  readonly line = 7;
  readonly blocks: string[] = [];
  readonly buffers = new Set<ArrayBufferLike>();

  consume(bytes: Uint8Array, start: number, end: number): void {
    this.blocks.push(String.fromCharCode(...bytes.subarray(start, end)));
    this.buffers.add(bytes.buffer);
  }
}

const context = readContext({ name: "text" });

describe("feeding text in blocks", () => {
  const texts = fc
    .array(fc.constantFrom("a", "bc", " ", "\n", "\r\n", "long word "), { maxLength: 40 })
    .map((parts) => parts.join(""));

  it.each(["line", "word"] as const)(
    "delivers every byte once, in blocks that end with a boundary (%s)",
    async (unit) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(texts, sizes, async (text, cuts) => {
          const recorder = new Recorder();
          await feedBlocks(pieces(bytesOf(text), cuts), recorder, context, unit);
          const whole = unit === "line" ? /\n$/ : /[\n\r ]$/;
          expect(recorder.blocks.every((block) => whole.test(block))).toBe(true);
          const ended = text === "" || whole.test(text) ? text : `${text}\n`;
          expect(recorder.blocks.join("")).toBe(ended);
        }),
        { seed: 20252 },
      );
    },
  );

  it("copies only the lines that a chunk boundary cuts", async () => {
    const bytes = bytesOf(`${"0123456789\n".repeat(1000)}tail`);
    const recorder = new Recorder();
    const cost = await feedBlocks(pieces(bytes, [bytes.length]), recorder, context);
    expect(cost).toEqual({ bytes: bytes.length, largestCarry: "tail\n".length });
    expect(recorder.blocks.map((block) => block.length)).toEqual([11_000, 5]);
  });

  it("carries no more than the longest line, however the text is cut", async () => {
    const bytes = bytesOf("short\nthe longest line of all\nmiddling\n".repeat(20));
    for (const size of [1, 2, 7, 64, 101]) {
      const cost = await feedBlocks(pieces(bytes, [size]), new Recorder(), context);
      expect(cost.largestCarry).toBeLessThanOrEqual("the longest line of all\n".length);
    }
  });

  it("refuses a line longer than the limit instead of keeping it", async () => {
    const narrow = readContext({ name: "text", maximumLineBytes: 100 });
    const fault = await faultOf(feedBlocks(pieces(bytesOf("x".repeat(1000)), [10]), new Recorder(), narrow));
    expect(fault).toBe("too-large | text:7:1: a line is longer than 100 bytes; is this a text file?");
  });
});
