import { describe, expect, test } from "vitest";
import { ownTasks } from "../../../src/agent/load-tasks.ts";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const outer = {
  ops: [
    { op: "Bufferize", a: 1, out: ["A"], in: ["E0"] },
    { op: "Bufferize", a: 1, out: ["B"], in: ["E1"] },
    { op: "Zip", out: ["Z"], in: ["A", "B"] },
    { op: "Map", fn: "fn_outer_product", out: ["O"], in: ["Z"] },
    { op: "Accum", fn: "fn_sum", b: 1, out: ["S"], in: ["O"] },
    { op: "Streamify", out: ["R"], in: ["S"] },
  ],
  ret: ["R"],
};

async function verify(program: unknown, ...more: string[]) {
  const text = typeof program === "string" ? program : JSON.stringify(program);
  const folder = folderWith({ program: text });
  return millrace(["agent", "verify", ownTasks, "program", "--task", "bmm/bmm_0", ...more], { folder });
}

describe("agent verify", () => {
  test("passes a right program with all the keys scripts rely on", async () => {
    const { status, stdout, stderr } = await verify(outer, "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      verdict: "ok",
      at: null,
      message: null,
      place: null,
      value: null,
      worst: null,
      metrics: { operators: 6, copies: 0, cycles: 15826, onChipBytes: 564, offChipBytes: 6380, flops: 10080 },
    });
  });

  test.each([
    ["type", { ...outer, ops: outer.ops.toSpliced(1, 1) }, 1],
    ["outputType", { ...outer, ret: ["S"] }, null],
    ["parse", { ...outer, ops: [{ op: "Zap", in: [], out: [] }] }, 0],
    ["parse", "R = E0.shape\nreturn R", null],
    ["parse", '{"ops": [', null],
  ] as const)("ends a program that is refused as %s with status 3 (%#)", async (verdict, program, at) => {
    const { status, stdout } = await verify(program, "--json");
    const result = JSON.parse(stdout);
    expect({ status, verdict: result.verdict, at: result.at }).toEqual({ status: 3, verdict, at });
    expect(result.message).toMatch(/\w/);
  });

  test("names the place in the paper's syntax", async () => {
    const { stdout } = await verify("A = step.Bufferize(a=1).apply(E0)\nB = step.Map(fn=fn_sum).apply(A)\nreturn B");
    expect(stdout).toBe(
      "program:2:5: type: Map: 'fn_sum' is a fold function, and a map function is needed (operator 1)\n",
    );
  });

  test("counts returning as a use unless asked for the published rule", async () => {
    const twice = {
      ops: [...outer.ops, { op: "Promote", b: 0, in: ["R"], out: ["unused"] }],
      ret: ["R"],
    };
    expect(JSON.parse((await verify(twice, "--json")).stdout)).toMatchObject({
      verdict: "affine",
      value: "R",
      at: null,
    });
    expect(JSON.parse((await verify(twice, "--compatible", "--json")).stdout)).toMatchObject({ verdict: "ok" });
  });

  test("says what is wrong with a task, a choice of one, and a missing file", async () => {
    const folder = folderWith({ "t.json": '{"id": "a", "dims": {"M": 0}}', p: "return E0" });
    const { stderr } = await millrace(["agent", "verify", "t.json", "p"], { folder });
    expect(stderr).toBe("error: t.json: dims.M: Invalid value: Expected >=1 but received 0\n");
    const other = await millrace(["agent", "verify", ownTasks, "p", "--task", "bmm/bmm_9"], { folder });
    expect(other.status).toBe(2);
    expect(other.stderr).toContain("has no task bmm/bmm_9\n");
    expect(other.stderr).toContain("help: did you mean bmm/bmm_0?");
    const missing = await millrace(["agent", "verify", "s.json", "p"], { folder });
    expect(missing.stderr).toContain("no such file: s.json\nhelp: did you mean t.json?".replace("\n", "\n  "));
  });

  test("runs the example", async () => {
    const { status, stdout } = await millrace(["agent", "verify", "agent/row-scale.json", "agent/row-scale.step"], {
      folder: examples,
    });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout:
        "agent/row-scale.step: ok, 5 operators of which 1 are Copies; 812 cycles, 44 bytes on chip, 280 off chip\n",
    });
  });

  const yaml = `test_name: row-sums
inputs:
  - name: E0
    dtype: fp32
    dims: [D, N]
    data_gen: torch.randn
fns:
  - func_name: fn_add
    apply: |
      return [state[0] + input[0]] # so far
    init: [0]
    input_dtype: fp32
    output_dtype: fp32
outputs:
  - name: S0
    dtype: fp32
    dims: [N]
impl: |
  S = step.Accum(fn=fn_add, b=1).apply(E0)
  return S
`;
  async function verifyYaml(text: string) {
    const folder = folderWith({ "task.yaml": text, program: "R = step.Accum(fn=fn_add, b=1).apply(E0)\nreturn R" });
    return millrace(["agent", "verify", "task.yaml", "program"], { folder });
  }

  test("takes a task in the paper's form", async () => {
    expect(await verifyYaml(yaml)).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    ["what is no YAML", yaml.replace("dims: [D, N]", "dims: [D, N"), "not YAML"],
    [
      "a call of something else",
      yaml.replace("state[0] + input[0]", "torch.load(input[0])"),
      "task.yaml: fns[0] (fn_add): 'torch.load(input[0])', column 11: torch.load is not read",
    ],
    ["a tag that makes objects", `!!python/object/apply:os.system ["true"]`, "task.yaml: "],
    [
      "names that stand for ever more",
      `a: &a [x, x, x, x]\n${"bcdefgh".replaceAll(
        /./g,
        (at) =>
          `${at}: &${at} [${Array(9)
            .fill(`*${String.fromCharCode(at.charCodeAt(0) - 1)}`)
            .join()}]\n`,
      )}`,
      "alias",
    ],
    ["a task without a program or recorded outputs", yaml.slice(0, yaml.indexOf("impl")), "reference"],
  ])("refuses %s with status 2", async (_, text, message) => {
    const { status, stderr } = await verifyYaml(text);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
