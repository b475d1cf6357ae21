import { describe, expect, it } from "vitest";
import { enumerate, generateTasks, insertCopies, readTasks, taskFamilies, Verifier } from "../../src/index.ts";

const made = generateTasks({ seed: 11, count: 80 });

describe("generated tasks", () => {
  it("are the same from the same seed, whatever their number, and others from another", () => {
    const few = generateTasks({ seed: 11, count: 5 }).map(({ json }) => json);
    expect(made.slice(0, 5).map(({ json }) => json)).toEqual(few);
    expect(generateTasks({ seed: 12, count: 5 }).map(({ json }) => json)).not.toEqual(few);
  });

  it("are of all kinds, and most differ in what they ask for", () => {
    expect([...new Set(made.map(({ task }) => task.group))].sort()).toEqual([...taskFamilies].sort());
    expect(new Set(made.map(({ task }) => task.about)).size).toBeGreaterThan(50);
    expect(generateTasks({ seed: 1, count: 9, families: ["loss"] }).every(({ task }) => task.group === "loss")).toBe(
      true,
    );
    expect(() => generateTasks({ seed: 1, count: 1, families: ["convolution"] })).toThrow(
      /no kind of task 'convolution'/,
    );
  });

  it("can be written to a file and read back", () => {
    const tasks = readTasks(JSON.parse(JSON.stringify({ tasks: made.map(({ json }) => json) })));
    expect(tasks).toEqual(made.map(({ task }) => task));
  });

  it("have references that pass the strict rule, on the second engine as well, and refuse zeros and inputs", () => {
    for (const { task } of made) {
      const verifier = new Verifier(task, { hardware: {} });
      const inputs = task.inputs.map(({ name }) => name);
      const { verdict, metrics } = verifier.verify(insertCopies(task.reference!, "strict", inputs));
      expect(verdict, task.id).toBe("ok");
      expect(metrics!.cost!.cycles, task.id).toBeGreaterThan(0);
      expect(verifier.verifyText(`return ${inputs[0]}`).verdict, task.id).not.toBe("ok");
    }
  }, 60_000);

  it("can be solved by the enumerator, as far as they are small", () => {
    const found = made
      .slice(0, 12)
      .map(({ task }) => enumerate(new Verifier(task), { maximumApplications: 3000 }).stop);
    expect(found.filter((stop) => stop === "solved").length).toBeGreaterThanOrEqual(4);
  }, 60_000);
});
