import { describe, expect, it } from "vitest";
import {
  type ChatModel,
  chatAnswerer,
  type LearningEvent,
  type LearningSpec,
  printPython,
  runLearning,
  Verifier,
} from "../../src/index.ts";
import { taskOf } from "../support/recorded.ts";

const tasks = ["attn/G_0_4_01", "index/G_0_3_03", "rope/G_0_4_01"].map(taskOf);

const spec: LearningSpec = {
  tasks: tasks.map(({ id }) => id),
  policy: { kind: "adaptive", levels: 2 },
  seed: 3,
  model: "n-gram-synthesizer",
  rollouts: 6,
  temperatures: [0.7],
  maxTokens: 1024,
  guardian: "auto",
  rule: "strict",
  maximumIterations: 4,
  controls: { enumeratorOperators: 3000 },
  optimize: { iterations: 2, rollouts: 3, lessons: 4 },
};

const answer = chatAnswerer();
const synthesizer: ChatModel = {
  async complete({ model, messages, temperature, seed }) {
    const { body } = answer(JSON.stringify({ model, messages, temperature, seed }));
    const { choices } = JSON.parse(body) as { choices: { message: { content: string } }[] };
    return { text: choices[0]!.message.content, usage: null, attempts: 1 };
  },
};

async function run(earlier: readonly LearningEvent[] = []) {
  const events: LearningEvent[] = [...earlier];
  const append = (event: LearningEvent): unknown => events.push(event);
  const result = await runLearning({ spec, tasks, model: synthesizer, append, earlier });
  return { events, ...result };
}

const samplesOf = (events: readonly LearningEvent[], phase: string | undefined) =>
  events.flatMap((event) => (event.type === "sample" && event.phase === phase ? [event] : []));

const whole = await run();

describe("the controls of a run", () => {
  it("are plain sampling with exactly as many samples, and the enumerator, in the same log", () => {
    const { events, samples, control } = whole;
    expect(samplesOf(events, undefined).length).toBe(samples);
    expect(samplesOf(events, "resample").length).toBe(samples);
    // Other seeds than the learner's: these are samples of their own.
    const programs = (phase: string | undefined) => samplesOf(events, phase).map(({ program }) => program);
    expect(programs("resample")).not.toEqual(programs(undefined));
    expect(control!.experiences.length).toBeGreaterThan(0);
    const enumerated = events.flatMap((event) => (event.type === "enumerated" ? [event] : []));
    expect(enumerated.map(({ task }) => task)).toEqual(spec.tasks);
    for (const { task, program } of enumerated) {
      if (program !== null) expect(new Verifier(taskOf(task)).verifyText(program).verdict).toBe("ok");
    }
    expect(enumerated.some(({ program }) => program !== null)).toBe(true);
  });

  it("come with as many attempts at improving as their control has, and designs that none beats", () => {
    const { events, state, optimized, optimizedControl } = whole;
    const attempts = 2 * 3 * state.experiences.length;
    expect(samplesOf(events, "optimize").length).toBe(attempts);
    expect(samplesOf(events, "optimize-control").length).toBe(attempts);
    for (const end of [optimized!, optimizedControl!]) {
      expect(end.stop).toBe("iterations");
      for (const { task, start, frontier } of end.tasks) {
        const kept = state.experiences.find((one) => one.task === task)!;
        expect(printPython(start.program)).toBe(printPython(kept.program));
        expect(frontier[0]!.cost.cycles).toBeLessThanOrEqual(start.cost.cycles);
        const verifier = new Verifier(taskOf(task));
        for (const { program, cost } of frontier) expect(verifier.costOf(program)).toEqual(cost);
      }
    }
  });

  it("are gone on with from wherever the log ends, to the same events", async () => {
    const { events } = whole;
    const cuts = events.flatMap(({ type }, at) => (type === "enumerated" || type === "optimized" ? [at, at + 1] : []));
    for (const cut of [...cuts, events.length - 1]) {
      expect((await run(events.slice(0, cut))).events).toEqual(events);
    }
  });
});
