import { RandomStream } from "@millrace/tensor";
import { describe, expect, it } from "vitest";
import { type Demonstration, proposerPrompt } from "../../src/agents/prompts.ts";
import { extractProgram, insertCopies, Synthesizer, type Task, Verifier } from "../../src/index.ts";
import { tasks } from "../support/recorded.ts";

const others = (task: Task): readonly Demonstration[] =>
  tasks
    .filter(({ id }) => id !== task.id)
    .map((one) => ({ task: one, experience: { task: one.id, program: one.reference!, successes: 1, samples: 1 } }));

const synthesizer = new Synthesizer();

function draw(prompt: string, seed: number): string {
  return extractProgram(synthesizer.write(prompt, { temperature: 0.7, random: new RandomStream(seed, "draw") }))!;
}

/** How many of so many drawn programs for every task are right. */
function right(shown: (task: Task) => readonly Demonstration[], samples: number): number {
  let count = 0;
  for (const task of tasks) {
    const verifier = new Verifier(task);
    const prompt = proposerPrompt(task, shown(task));
    const inputs = task.inputs.map(({ name }) => name);
    for (let seed = 0; seed < samples; seed++) {
      const read = verifier.readText(draw(prompt, seed));
      if ("fault" in read) throw new Error(read.fault.message);
      if (verifier.verify(insertCopies(read.program, "strict", inputs)).verdict === "ok") count++;
    }
  }
  return count;
}

describe("the n-gram synthesiser", () => {
  it("writes programs that can be read and are well typed, the same from the same seed", () => {
    for (const task of tasks) {
      const prompt = proposerPrompt(task, []);
      const text = draw(prompt, 7);
      expect(draw(prompt, 7)).toBe(text);
      expect(["ok", "numeric", "outputType"], task.id).toContain(new Verifier(task).verifyText(text).verdict);
    }
  });

  it("solves more often with other tasks' programs in the prompt", () => {
    const bare = right(() => [], 8);
    expect(bare).toBeGreaterThan(0);
    expect(right(others, 8)).toBeGreaterThanOrEqual(3 * bare);
  }, 60_000);
});
