import { describe, expect, it } from "vitest";
import { advanceOptimizing, type Design, nextAttempts, type OptimizerState, startOptimizing } from "../../src/index.ts";

const design = (cycles: number, onChipBytes: number): Design => ({
  program: { ops: [], returns: [`${cycles}/${onChipBytes}`] },
  cost: { cycles, onChipBytes, offChipBytes: 0, flops: 0 },
});
const costs = (designs: readonly Design[]) => designs.map(({ cost }) => [cost.cycles, cost.onChipBytes]);
const settings = { iterations: 3, rollouts: 2, lessons: 4, guided: true };
const start = (more: Partial<typeof settings> = {}): OptimizerState =>
  startOptimizing([{ task: "a", design: design(100, 50) }], { ...settings, ...more });
const found = (...designs: Design[]) => designs.map((one) => ({ task: "a", design: one }));

describe("improving right programs", () => {
  it("keeps what no design beats in both costs, and starts from each of them in turn", () => {
    let state = advanceOptimizing(start(), found(design(80, 60), design(100, 60), design(120, 40)));
    expect(costs(state.tasks[0]!.frontier)).toEqual([
      [80, 60],
      [100, 50],
      [120, 40],
    ]);
    expect(nextAttempts(state)[0]!.parent!.cost.cycles).toBe(100);
    state = advanceOptimizing(state, found(design(70, 40)));
    expect(costs(state.tasks[0]!.frontier)).toEqual([[70, 40]]);
    expect(state.tasks[0]!.start.cost.cycles).toBe(100);
    expect(nextAttempts(advanceOptimizing(state, []))).toEqual([]);
  });

  it("learns from gains and losses of 5 % in one cost, if the other is no worse", () => {
    const state = advanceOptimizing(start(), found(design(96, 50), design(95, 50), design(95, 51), design(100, 60)));
    expect(state.lessons.map(({ slow, fast, gain }) => [slow.cost.cycles, fast.cost.cycles, gain])).toEqual([
      [100, 95, true],
      [100, 100, false],
    ]);
  });

  it("keeps the newest lessons, gains in half of the places", () => {
    const gains = [90, 80, 70, 60].map((cycles) => design(cycles, 50));
    const losses = [110, 120, 130].map((cycles) => design(cycles, 50));
    const { lessons } = advanceOptimizing(start(), found(...gains, ...losses));
    expect(lessons.map(({ slow, fast }) => [slow.cost.cycles, fast.cost.cycles])).toEqual([
      [100, 70],
      [100, 60],
      [120, 100],
      [130, 100],
    ]);
    expect(advanceOptimizing(start(), found(...losses)).lessons.length).toBe(3);
  });

  it("without guidance shows neither a design nor a lesson, and keeps the same frontier for the same finds", () => {
    const state = advanceOptimizing(start({ guided: false }), found(design(50, 20)));
    expect(nextAttempts(state)).toEqual([{ task: "a", parent: null, lessons: [] }]);
    expect(state.lessons).toEqual([]);
    expect(costs(state.tasks[0]!.frontier)).toEqual([[50, 20]]);
  });

  it("ends with a reason", () => {
    expect(start({ iterations: 0 }).stop).toBe("iterations");
    expect(startOptimizing([], settings).stop).toBe("nothing-to-improve");
    let state = start();
    for (let i = 0; i < 3; i++) state = advanceOptimizing(state, []);
    expect(state).toMatchObject({ iteration: 3, stop: "iterations" });
  });
});
