import { describe, expect, it } from "vitest";
import { insertCopies, parsePython, printPython, readOpList, Verifier } from "../../src/index.ts";
import { corpus, goldenOf, taskOf, tasks } from "../support/recorded.ts";

const programs = corpus.flatMap(({ task, programs }) => programs.map((program) => ({ task, program })));

describe("the recorded programs", () => {
  it("get the published verdict under the published rule, and fail at the same operator or earlier", () => {
    const verdicts = new Map(tasks.map((task) => [task.id, compatible(task.id)]));
    const differences = programs.filter(({ task, program }) => {
      const found = verdicts.get(task)!.verifyOpList(program);
      if (found.verdict !== (program.verdict === "opError" ? "type" : program.verdict)) return true;
      return program.verdict === "opError" && found.at! > program.at!;
    });
    expect(differences).toEqual([]);
    const counts = { ok: 0, affine: 0, numeric: 0, outputType: 0, opError: 0 };
    for (const { program } of programs) counts[program.verdict]++;
    expect(counts).toEqual({ ok: 55, affine: 15, numeric: 110, outputType: 12, opError: 214 });
  });

  it("three of those that pass return what they also use, which the strict rule refuses", () => {
    const strict = new Map(tasks.map((task) => [task.id, new Verifier(task)]));
    const refused = programs.filter(({ task, program }) => {
      if (program.verdict !== "ok") return false;
      const found = strict.get(task)!.verifyOpList(program).verdict;
      expect(found).toBe(program.strictAffine ? "ok" : "affine");
      return found === "affine";
    });
    expect(refused.length).toBe(3);
  });

  it("are read back from the paper's syntax as they were", () => {
    for (const { task, program } of programs) {
      const read = readOpList(program);
      if ("fault" in read) throw new Error(read.fault.message);
      const inputs = taskOf(task).inputs.map(({ name }) => name);
      const back = parsePython(printPython(read.program), inputs);
      if ("fault" in back) throw new Error(back.fault.message);
      expect({ ops: back.program.ops, returns: back.program.returns }).toEqual(read.program);
    }
  });
});

describe("references without Copies", () => {
  const stripped = programs.filter(({ program }) => program.src === "reference-without-copies");

  it("pass once Copies are inserted, as many as the benchmark counts, and inserting again changes nothing", () => {
    const added = stripped.map(({ task, program }) => {
      const read = readOpList(program);
      if ("fault" in read) throw new Error(read.fault.message);
      const inputs = taskOf(task).inputs.map(({ name }) => name);
      const repaired = insertCopies(read.program, "compatible", inputs);
      expect(compatible(task).verify(repaired).verdict).toBe("ok");
      expect(insertCopies(repaired, "compatible", inputs)).toEqual(repaired);
      const strict = insertCopies(read.program, "strict", inputs);
      expect(new Verifier(taskOf(task)).verify(strict).verdict).toBe("ok");
      return [task, repaired.ops.length - read.program.ops.length];
    });
    expect(Object.fromEntries(added)).toEqual({
      "etoe/G_0_10": 3,
      "etoe/G_0_9_01": 3,
      "expert/G_0_6_05": 1,
      "expert/G_0_7_01": 2,
      "norm/G_0_16_01": 3,
      "norm/G_0_9_02": 2,
      "rope/G_0_4_01": 1,
    });
  });
});

describe("the inventory", () => {
  it("is that of the benchmark", () => {
    const groups: Record<string, number> = {};
    for (const { group } of tasks) groups[group] = (groups[group] ?? 0) + 1;
    expect(groups).toEqual({ attn: 2, gemm: 2, bmm: 2, norm: 2, rope: 2, index: 3, expert: 2, etoe: 2 });
    const copies = (rule: "strict" | "compatible") =>
      tasks.reduce((sum, task) => {
        const inputs = task.inputs.map(({ name }) => name);
        const repaired = insertCopies(task.reference!, rule, inputs);
        return sum + repaired.ops.filter(({ op }) => op === "Copy").length;
      }, 0);
    expect([copies("compatible"), copies("strict")]).toEqual([15, 17]);
  });
});

function compatible(id: string): Verifier {
  const task = taskOf(id);
  return new Verifier(task, { rule: "compatible", recorded: goldenOf(task) });
}
