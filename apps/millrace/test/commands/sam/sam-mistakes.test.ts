import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const graph = `${examples}/graphs/spmv.gv`;
const files = {
  "B.mtx": matrixText(2, 3, [
    [1, 1, 2],
    [2, 2, 4],
  ]),
  "c.mtx": matrixText(3, 1, [[1, 1, 1]]),
  "long.mtx": matrixText(4, 1, [[1, 1, 1]]),
  "square.mtx": matrixText(3, 3, [[1, 1, 1]]),
};

async function refusal(...inputs: string[]): Promise<string> {
  const { status, stdout, stderr } = await millrace(inputs, { folder: folderWith(files) });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  return stderr;
}

describe("the mistakes of a first day end with status 2 and a way out", () => {
  test("no input for an operand", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=B.mtx")).toBe(
      "error: no input is given for operand c\n  help: add -i c=FILE; -i c=random:64x64:0.1 draws one\n",
    );
  });

  test("an operand the graph does not have", async () => {
    expect(await refusal("sam", "run", graph, "-i", "b=B.mtx", "-i", "c=c.mtx")).toBe(
      "error: there is no operand b\n  help: did you mean B?\n",
    );
  });

  test("a misspelt file", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=Bb.mtx", "-i", "c=c.mtx")).toBe(
      "error: no such file: Bb.mtx\n  help: did you mean B.mtx?\n",
    );
  });

  test("extents that do not fit together", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=B.mtx", "-i", "c=long.mtx")).toBe(
      "error: index j takes 3 values in mode 1 of B, but 4 in mode 0 of c\n  help: check that the files belong together and which is which\n",
    );
  });

  test("a matrix where a vector is needed", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=B.mtx", "-i", "c=square.mtx")).toBe(
      "error: c is used with 1 index, but square.mtx is of shape 3 x 3\n",
    );
  });

  test("an operand given twice", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=B.mtx", "-i", "B=c.mtx")).toBe(
      "error: --input binds B twice: to B.mtx and to c.mtx\n",
    );
  });

  test("a random operand spelt wrong", async () => {
    expect(await refusal("sam", "run", graph, "-i", "B=random:3by3", "-i", "c=c.mtx")).toContain(
      'error: B cannot be drawn as "random:3by3"\n  help: write random:ROWSxCOLUMNS:SHARE',
    );
  });

  test("a folder of level arrays that is not there", async () => {
    expect(await refusal("sam", "run", graph, "--data", "nowhere")).toBe("error: there is no folder nowhere\n");
  });

  test("an expression with a fault in it", async () => {
    expect(await refusal("sam", "compile", "y(i) = A(i,j * x(j)")).toMatch(
      /^<expression>:1:\d+: error: .+\n {2}1 \| y\(i\) = A\(i,j \* x\(j\)\n/,
    );
  });

  test("a format for a tensor that is not there", async () => {
    const stderr = await refusal("sam", "compile", "y(i) = mat(i,j) * x(j)", "-f", "mta=ds");
    expect(stderr).toContain("a format is given for mta, which the expression does not use");
    expect(stderr).toContain("help: did you mean mat?");
  });

  test("a loop order with an index too few", async () => {
    expect(await refusal("sam", "compile", "X(i,j)=B(i,k)*C(k,j)", "--order", "i,j")).toContain("error:");
  });
});

test("a graph that is only odd runs, with its warnings on stderr and in the document", async () => {
  const text = readFileSync(`${examples}/graphs/spmv.gv`, "utf8")
    .replace('tensor="x" index="i" mode="0"', 'tensor="X" index="i" mode="0"')
    .replace('tensor="x" mode="vals"', 'tensor="X" mode="vals"')
    .replace("x=s0", "X=ss01")
    .replace(
      'sum     [type="reduce"]',
      'x_j [type="fiberwrite" tensor="X" index="j" mode="1" format="compressed" sink="true"]',
    )
    .replace('scan_Bj -> join_j  [type="crd"', 'join_j -> x_j [type="crd"]\n  scan_Bj -> join_j  [type="crd"')
    .replace('times   -> sum     [type="val"]\n  sum     -> x_value [type="val"]', 'times -> x_value [type="val"]');
  const folder = folderWith({ ...files, "g.gv": text });
  const { status, stdout, stderr } = await millrace(
    ["sam", "run", "g.gv", "-i", "B=B.mtx", "-i", "c=c.mtx", "--json"],
    { folder },
  );
  expect(status).toBe(0);
  expect(stderr).toMatch(/^g\.gv:\d+:\d+: warning: fibres of level 1 of X may be empty/);
  expect(JSON.parse(stdout).warnings[0]).toMatchObject({ severity: "warning", file: "g.gv" });
});

describe("a malformed graph", () => {
  test("is refused with every fault at its place", async () => {
    const text =
      'digraph {\n  comment="x=s0,b=s0"\n  a [type="fiberlokup" tensor="b" index="i" mode="0" format="compressed"]\n  w [type="fiberwrite" mode="vals" tensor="x"]\n}\n';
    const { status, stderr } = await millrace(["sam", "run", "g.gv"], { folder: folderWith({ "g.gv": text }) });
    expect(status).toBe(2);
    expect(stderr).toContain("g.gv:3:");
    expect(stderr).toContain("did you mean");
  });

  test.each([
    ["g.gv", "digraph {"],
    ["g.gv", ""],
    ["g.json", "{"],
    ["g.json", "[]"],
    ["g.json", '{"kernel": 1}'],
    ["g.bin", "\u0001\u0002\u0003"],
    ["g.pbtxt", "graph { operators { nme: 1 } }"],
    ["noextension", "\u0000\u0001"],
  ])("%s holding %j is refused with status 2", async (name, text) => {
    const { status, stdout, stderr } = await millrace(["sam", "run", name], { folder: folderWith({ [name]: text }) });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/error: /);
    expect(stderr).not.toContain("internal error");
  });
});
