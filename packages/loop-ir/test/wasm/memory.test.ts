import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "../../src/index.ts";

describe("a heap", () => {
  it("gives arrays that begin at multiples of 64 bytes and keep their contents when it grows", () => {
    const heap = new Heap();
    const first = heap.copy("f64", [1, 2, 3]);
    const large = heap.allocate("i32", 2 ** 20);
    large[2 ** 20 - 1] = 7;
    expect([...first]).toEqual([1, 2, 3]);
    expect([first, large].map((array) => array.byteOffset % 64)).toEqual([0, 0]);
    expect([heap.holds(first.subarray(1)), heap.holds(new Float64Array(1))]).toEqual([true, false]);
  });

  it("says what was asked for and what is free when it is full, and works on", () => {
    const heap = new Heap({ maximumBytes: 2 ** 20 });
    const kept = heap.allocate("i8", 2 ** 19);
    expect(() => heap.allocate("f64", 2 ** 17)).toThrow(
      "1048576 bytes were asked for and 458752 of 1048576 are free: free arrays, use smaller ones, or run the work in parts",
    );
    heap.free(kept);
    expect(heap.allocate("i8", 2 ** 19).byteOffset).toBe(kept.byteOffset);
  });

  it("refuses what would pass 4 GiB with a message, not a trap", () => {
    const heap = new Heap();
    expect(() => heap.allocate("f64", 2 ** 29)).toThrow(
      /^4294967296 bytes were asked for and 4294901760 of 4294967296/,
    );
    expect(() => new Heap({ maximumBytes: 2 ** 33 })).toThrow("between 64 KiB and 4 GiB");
    expect(() => heap.allocate("f64", -1)).toThrow("a length of 0 or more, not -1");
  });

  it("refuses to free what is not in use", () => {
    const heap = new Heap();
    const array = heap.allocate("f64", 4);
    heap.free(array);
    expect(() => heap.free(array)).toThrow("not in use in this heap");
    expect(() => heap.free(new Float64Array(4))).toThrow("not in use in this heap");
  });

  it("never gives two arrays the same memory, and gets all of it back", () => {
    const sizes = fc.array(fc.tuple(fc.nat(5000), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (requests) => {
        const heap = new Heap({ maximumBytes: 2 ** 24 });
        const whole = heap.available;
        const held: { array: Int32Array; mark: number }[] = [];
        requests.forEach(([length, release], mark) => {
          held.push({ array: heap.allocate("i32", length).fill(mark), mark });
          if (release) heap.free(held.splice(length % held.length, 1)[0]!.array as never);
        });
        for (const { array, mark } of held) expect(array.every((value) => value === mark)).toBe(true);
        for (const { array } of held) heap.free(array as never);
        expect(heap.available).toBe(whole);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});
