import { describe, expect, it } from "vitest";
import { type ChatModel, chatAnswerer, type LearningEvent, type LearningSpec, runLearning } from "../../src/index.ts";
import { taskOf } from "../support/recorded.ts";

const tasks = ["attn/G_0_4_01", "index/G_0_3_03", "index/G_0_3_04", "norm/G_0_16_01"].map(taskOf);

const spec: LearningSpec = {
  tasks: tasks.map(({ id }) => id),
  policy: { kind: "adaptive", levels: 3 },
  seed: 1,
  model: "n-gram-synthesizer",
  rollouts: 3,
  temperatures: [0.4, 0.7],
  maxTokens: 1024,
  guardian: "auto",
  rule: "strict",
  maximumIterations: 4,
};

const answer = chatAnswerer({ forgetCopies: 0.5 });

const synthesizer: ChatModel = {
  async complete({ model, messages, temperature, seed }) {
    const { body } = answer(JSON.stringify({ model, messages, temperature, seed }));
    const { choices } = JSON.parse(body) as { choices: { message: { content: string } }[] };
    return { text: choices[0]!.message.content, usage: null, attempts: 1 };
  },
};

async function learn(more: Partial<Parameters<typeof runLearning>[0]> = {}) {
  const events: LearningEvent[] = [];
  const result = await runLearning({ spec, tasks, model: synthesizer, append: (event) => events.push(event), ...more });
  return { events, ...result };
}

describe("a run", () => {
  it("logs every sample once, in order, and the same with any number of calls under way", async () => {
    const { events, state } = await learn();
    const keys = events.flatMap((event) =>
      event.type === "sample" ? [`${event.iteration}/${event.task}/${event.temperature}/${event.rollout}`] : [],
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(events.at(-1)).toEqual({ type: "stop", reason: state.stop });
    expect(state.experiences.length).toBeGreaterThan(0);
    expect((await learn({ jobs: 5 })).events).toEqual(events);
  });

  it("ends as it would have from whatever its log holds, and asks for nothing twice", async () => {
    const { events } = await learn();
    for (const cut of [0, 1, 2, 7, events.length - 2, events.length]) {
      let asked = 0;
      const model: ChatModel = {
        complete: (request, rollout) => {
          asked++;
          return synthesizer.complete(request, rollout);
        },
      };
      const rest = await learn({ earlier: events.slice(0, cut), model });
      expect([...events.slice(0, cut), ...rest.events]).toEqual(events);
      expect(asked).toBe(events.slice(cut).filter(({ type }) => type === "sample").length);
    }
  });

  it("stops with a reason at a cap, and goes on with a larger one", async () => {
    const capped = await learn({ spec: { ...spec, maximumSamples: 10 } });
    expect(capped.samples).toBe(10);
    expect(capped.events.at(-1)).toEqual({ type: "stop", reason: "budget" });
  });

  it("refuses the log of another run", async () => {
    const { events } = await learn({ spec: { ...spec, maximumSamples: 2 } });
    await expect(learn({ earlier: events })).rejects.toThrow("the log is of a run with other settings");
  });

  it("keeps what it has when it is interrupted", async () => {
    let asked = 0;
    const { events, interrupted } = await learn({ interrupted: () => ++asked > 5 });
    expect(interrupted).toBe(true);
    expect(events.filter(({ type }) => type === "sample").length).toBe(5);
  });
});
