import { describe, expect, it } from "vitest";
import { advance, type ControllerState, type Experience, nextPlan, startLearning } from "../../src/index.ts";

const program = { ops: [], returns: [] };

/** Runs the loop with a given number of newly solved tasks in each iteration, which gives the labels used. */
function script(news: readonly number[], tasks = 26): { labels: string[]; end: ControllerState } {
  let state = startLearning(
    Array.from({ length: tasks }, (_, index) => `t${index}`),
    { kind: "adaptive", levels: 3 },
  );
  const labels: string[] = [];
  for (let plan = nextPlan(state); plan !== undefined; plan = nextPlan(state)) {
    labels.push(plan.label);
    const solved = state.unsolved.slice(0, news[labels.length - 1] ?? 0).map(
      (task, index): Experience => ({
        task,
        program,
        successes: 1 + ((7 * (labels.length + index)) % 11),
        samples: 64,
      }),
    );
    state = advance(state, solved);
  }
  return { labels, end: state };
}

describe("the learning loop", () => {
  it.each([
    ["GPT-4o", [9, 4, 2, 3, 1, 0, 2, 0, 0, 0], "None H H H H H HM H HM HME"],
    ["Llama", [7, 4, 2, 1, 2, 1, 0, 1, 0, 0, 0], "None H H H H H H HM H HM HME"],
    ["DeepSeek", [6, 3, 0, 0, 1, 5, 0, 0, 0], "None H H HM HME H H HM HME"],
  ])("goes through the levels published for %s and stops where it did", (_, news, labels) => {
    const { labels: found, end } = script(news);
    expect(found.join(" ")).toBe(labels);
    expect(end.stop).toBe("levels-exhausted");
  });

  it("follows the published example of five tasks", () => {
    const after = [{ t0: 2, t2: 9, t3: 7 }, {}, { t1: 3 }, {}, {}, { t4: 1 }];
    let state = startLearning(["t0", "t1", "t2", "t3", "t4"], { kind: "adaptive", levels: 3 });
    const labels: string[] = [];
    const shares: number[] = [];
    for (const solved of after) {
      labels.push(nextPlan(state)!.label);
      const news = Object.entries(solved).map(
        ([task, successes]): Experience => ({ task, program, successes, samples: 16 }),
      );
      state = advance(state, news);
      shares.push(state.experiences.length / 5);
    }
    expect(labels).toEqual(["None", "H", "HM", "H", "HM", "HME"]);
    expect(shares).toEqual([0.6, 0.6, 0.8, 0.8, 0.8, 1]);
    expect(state.stop).toBe("all-solved");
    expect(state.experiences.map(({ successes }) => successes)).toEqual([2, 9, 7, 3, 1]);
  });

  it("stops with a reason where nothing was ever solved, and where there is nothing to solve", () => {
    expect(script([0]).end.stop).toBe("nothing-solved");
    expect(startLearning([], { kind: "resample" }).stop).toBe("all-solved");
  });

  it("samples on without demonstrations as a control", () => {
    let state = startLearning(["a", "b"], { kind: "resample" });
    for (let iteration = 0; iteration < 5; iteration++) {
      expect(nextPlan(state)).toEqual({ iteration, label: "None", tasks: ["a", "b"], demonstrations: [] });
      state = advance(state, []);
    }
    expect(state.stop).toBeNull();
  });
});
