import { describe, expect, it } from "vitest";
import { type ByteInput, chunksOf, collectBytes, joinBytes, peek } from "../../../src/file/bytes/byte-input.ts";
import { bytesOf, faultOf, pieces } from "../support/read-text.ts";

/** A stream as browsers without iteration of streams offer it. */
function uniterable(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return { getReader: () => stream.getReader() } as unknown as ReadableStream<Uint8Array>;
}

describe("sources of bytes", () => {
  const bytes = bytesOf("some bytes to be read");

  async function text(input: ByteInput): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(input)) chunks.push(chunk);
    return String.fromCharCode(...joinBytes(chunks));
  }

  it("may be arrays, iterables and streams, iterable or not", async () => {
    const inputs: ByteInput[] = [
      bytes,
      pieces(bytes, [3]),
      new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
      uniterable(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()),
    ];
    expect(await Promise.all(inputs.map(text))).toEqual(new Array(4).fill("some bytes to be read"));
  });

  it("are cancelled where reading stops early", async () => {
    let reason = "not cancelled";
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        reason = "cancelled";
      },
    });
    for await (const chunk of chunksOf(uniterable(stream))) {
      expect(chunk).toEqual(bytes);
      break;
    }
    expect(reason).toBe("cancelled");
  });

  it("are refused where they deliver something else", async () => {
    async function* words(): AsyncGenerator<Uint8Array, void, undefined> {
      yield "word" as unknown as Uint8Array;
    }
    expect(await faultOf(text(words()))).toBe("file-unsupported | a stream of bytes must deliver Uint8Array chunks");
  });

  it("can be looked into without loss", async () => {
    for (const size of [1, 4, 100]) {
      for (const length of [0, 3, 21, 99]) {
        const { head, chunks } = await peek(chunksOf(pieces(bytes, [size])), length);
        expect(head).toEqual(bytes.slice(0, length));
        expect(await text(chunks)).toBe("some bytes to be read");
      }
    }
  });

  it("are collected up to a limit", async () => {
    for (const size of [1, 4, 100]) {
      expect(await collectBytes(pieces(bytes, [size]), bytes.length, "a")).toEqual(bytes);
      expect(await faultOf(collectBytes(pieces(bytes, [size]), bytes.length - 1, "a"))).toBe(
        "too-large | a: more than 20 bytes, the limit set for reading",
      );
    }
  });

  it("leave the first chunk as it was when a second follows", async () => {
    const first = bytesOf("abcd");
    async function* two(): AsyncGenerator<Uint8Array, void, undefined> {
      yield first.subarray(0, 2);
      yield bytesOf("xy");
    }
    expect(await collectBytes(two(), 100, "a")).toEqual(bytesOf("abxy"));
    expect(first).toEqual(bytesOf("abcd"));
  });
});
