import { describe, expect, test } from "vitest";
import { queueOccupancy } from "../../src/machine/dae/queue-occupancy.ts";

describe("how full a queue is", () => {
  test("counts each part from when it is full until it is free", () => {
    expect(queueOccupancy({ fullAt: [0, 2], freeAt: [4, 8] }, 8, 4)).toEqual([1, 2, 1, 1]);
    expect(queueOccupancy({ fullAt: [1], freeAt: [3] }, 8, 4)).toEqual([0.5, 0.5, 0, 0]);
  });

  test("is nothing without parts, or without time", () => {
    expect(queueOccupancy({ fullAt: [], freeAt: [] }, 8, 2)).toEqual([0, 0]);
    expect(queueOccupancy({ fullAt: [], freeAt: [] }, 0, 2)).toEqual([0, 0]);
  });
});
