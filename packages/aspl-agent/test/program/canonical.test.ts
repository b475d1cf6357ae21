import { RandomStream } from "@millrace/tensor";
import { describe, expect, it } from "vitest";
import { canonicalText, type OpProgram, parsePython, selectAnswer } from "../../src/index.ts";

const programOf = (text: string): OpProgram => {
  const read = parsePython(text, ["E0", "E1"]);
  if ("fault" in read) throw new Error(read.fault.message);
  return read.program;
};
const text = (source: string): string => canonicalText(programOf(source));

const plain = "A = step.Accum(fn=f, b=1).apply(E0)\nB = step.Zip().apply((A, E1))\nreturn B";

describe("the canonical text", () => {
  it("does not tell names, comments and lines nothing depends on", () => {
    const renamed =
      "# sums\nX = step.Accum(fn=f, b=1).apply(E0) # here\nD = step.Streamify().apply(X)\nY = step.Zip().apply((X, E1))\nreturn Y";
    expect(text(renamed)).toBe(text(plain));
  });

  it.each([
    ["operands", plain.replace("(A, E1)", "(E1, A)")],
    ["numbers", plain.replace("b=1", "b=2")],
    ["functions", plain.replace("fn=f", "fn=g")],
  ])("tells other %s", (_, other) => {
    expect(text(other)).not.toBe(text(plain));
  });

  it("tells Copies unless asked not to", () => {
    const copied =
      "P, Q = step.Copy().apply(E1)\nA = step.Accum(fn=f, b=1).apply(E0)\nB = step.Zip().apply((A, Q))\nreturn B";
    expect(text(copied)).not.toBe(text(plain));
    expect(canonicalText(programOf(copied), { withoutCopies: true })).toBe(text(plain));
  });
});

describe("the answer that is kept", () => {
  it("has fewest operators, and is the same for the same seed", () => {
    const long = programOf(plain.replace("return B", "C = step.Promote(b=0).apply(B)\nreturn C"));
    const answers = [long, programOf(plain), long];
    expect(selectAnswer(answers, new RandomStream(1, "x"))!.ops.length).toBe(2);
    expect(selectAnswer(answers, new RandomStream(1, "x"))).toEqual(selectAnswer(answers, new RandomStream(1, "x")));
    expect(selectAnswer([], new RandomStream(1, "x"))).toBeUndefined();
  });
});
