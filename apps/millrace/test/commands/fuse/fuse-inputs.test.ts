import { describe, expect, test } from "vitest";
import { folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const files = {
  "tiny.ein": "program tiny\ninput A(n, n)\nT(i,j) = relu(A(i,j))\n",
  "A.mtx": matrixText(3, 3, [
    [1, 2, 3],
    [3, 1, -1],
  ]),
};

// Two functions whose sizes are left open; the second is asked for by name.
const open = `func.func @twice(%A: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %y = linalg.add ins(%A, %A : tensor<?x?xf64>, tensor<?x?xf64>) outs(%A : tensor<?x?xf64>) -> tensor<?x?xf64>
  return %y : tensor<?x?xf64>
}
func.func @rows(%A: tensor<?x?xf64>, %b: tensor<?xf64>, %x: tensor<?xf64>) -> tensor<?xf64> {
  %y = linalg.matvec ins(%A, %b : tensor<?x?xf64>, tensor<?xf64>) outs(%x : tensor<?xf64>) -> tensor<?xf64>
  return %y : tensor<?xf64>
}
`;

describe("sizes that a model leaves open", () => {
  const folder = (): string => folderWith({ ...files, "open.mlir": open });
  const rows = ["fuse", "simulate", "open.mlir", "--part", "rows", "-i", "A=A.mtx", "-i", "x=random:3"];

  test("come from the inputs, of the function that is named", async () => {
    const { status, stdout } = await millrace([...rows, "-i", "b=random:3", "--json"], { folder: folder() });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ checked: true, outputs: { y: { shape: [3] } } });
  });

  test("come from --dims where there are no inputs", async () => {
    const { status, stdout } = await millrace(["fuse", "compile", "open.mlir", "--dims", "A.0=3,A.1=4"], {
      folder: folder(),
    });
    expect(status).toBe(0);
    expect(stdout).toContain("i,j");
    const text = ["fuse", "compile", "tiny.ein", "--emit", "gv", "--dims"];
    expect((await millrace([...text, "n=3"], { folder: folder() })).status).toBe(0);
  });

  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [[...rows, "-i", "b=random:4"], "index A.1 takes 3 values in mode 1 of A, but 4 in mode 0 of b"],
    [[...rows, "-i", "b=random:3", "--dims", "A.1=5"], "index A.1 takes 5 values in the sizes that are given, but 3"],
    [["fuse", "compile", "open.mlir"], "twice leaves A.0 and A.1 open"],
    [["fuse", "compile", "open.mlir", "--dims", "A.O=3"], "twice has no open size A.O"],
    [["fuse", "compile", "open.mlir", "--dims", "A.0=0"], 'must be NAME=N, not "A.0=0"'],
    [["fuse", "compile", "open.mlir", "--part", "row"], "no function row"],
    [["fuse", "compile", "tiny.ein", "--part", "rows"], "--part names a part of a model file"],
    [["fuse", "compile", "gcn", "--dims", "n=3"], "gcn has no open size n"],
  ];
  test.each(mistakes)("%j is refused with one message", async (args, message) => {
    const { status, stderr } = await millrace(args, { folder: folder() });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

// A trace of PyTorch says nothing of shapes, and a printed graph has no weights.
const fx = `graph():
    %x : [num_users=1] = placeholder[target=x]
    %w : [num_users=1] = placeholder[target=w]
    %matmul : [num_users=1] = call_function[target=torch.matmul](args = (%x, %w), kwargs = {})
    return matmul
`;
const printed = `class GraphModule(torch.nn.Module):
    def forward(self, p_w: "f32[2, 3]", x: "f32[4, 2]"):
        mm: "f32[4, 3]" = torch.ops.aten.mm.default(x, p_w)
        return (mm,)

# inputs
p_w: PARAMETER target='layer.w'
x: USER_INPUT
`;

test("weights that a file has not are given by name, shapes by the inputs", async () => {
  const folder = folderWith({ "printed.aten.txt": printed, "trace.fx.txt": fx });
  const run = (...args: string[]) => millrace(["fuse", "simulate", ...args, "--json"], { folder });
  const given = ["-i", "x=random:4x2", "-i", "layer.w=random:2x3"];
  const { status, stdout } = await run("printed.aten.txt", ...given);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).checked).toBe(true);
  expect((await run("printed.aten.txt", "-i", "x=random:4x2")).stderr).toContain(
    "no input is given for operand layer.w",
  );
  const traced = await run("trace.fx.txt", "-i", "x=random:4x2", "-i", "w=random:2x3");
  expect(JSON.parse(traced.stdout)).toMatchObject({ checked: true, outputs: { matmul: { shape: [4, 3] } } });
});
