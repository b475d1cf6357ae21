import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const nest = `func.func @sums(%ptr: memref<?xindex>, %x: memref<?xf32>, %out: memref<?xf32>) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %out, %c0 : memref<?xf32>
  scf.for %i = %c0 to %n step %c1 {
    %at = memref.load %ptr[%i] : memref<?xindex>
    %v = memref.load %x[%at] : memref<?xf32>
    memref.store %v, %out[%i] : memref<?xf32>
  }
  return %out : memref<?xf32>
}
`;
const slc = `func.func @sums(%ptr: memref<?xindex>, %x: memref<?xf32>, %out: memref<?xf32>) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %out, %c0 : memref<?xf32>
  %s0 = slc.to_stream %c0 : index to !slc.stream<index>
  %s1 = slc.to_stream %c1 : index to !slc.stream<index>
  %sn = slc.to_stream %n : index to !slc.stream<index>
  slc.for %i = %s0 to %sn step %s1 : !slc.stream<index> -> !slc.stream<index> {
    %at = slc.mem_stream %ptr[%i] : memref<?xindex>[!slc.stream<index>] into !slc.stream<index>
    %v = slc.mem_stream %x[%at] : memref<?xf32>[!slc.stream<index>] into !slc.stream<f32>
    slc.callback {
      %value = slc.from_stream %v : !slc.stream<f32> to f32
      %here = slc.from_stream %i : !slc.stream<index> to index
      memref.store %value, %out[%here] : memref<?xf32>
    } : index
    slc.yield
  }
  return %out : memref<?xf32>
}
`;
const folder = (): string => folderWith({ "nest.mlir": nest, "sums.mlir": slc });

async function compiled(...args: readonly string[]) {
  const { status, stdout, stderr } = await millrace(["embed", "compile", ...args], { folder: folder() });
  return { status, stdout, stderr };
}

describe("millrace embed compile", () => {
  test("stages of the published compiler are levels under other names", async () => {
    for (const [stages, level] of [
      [["--scf-to-slc"], ["--emit", "slc", "--opt", "0"]],
      [
        ["--scf-to-slc", "--optimize"],
        ["--emit", "slcv", "--opt", "3"],
      ],
      [
        ["--scf-to-slc", "--slc-to-dlc"],
        ["--emit", "dlc", "--opt", "0"],
      ],
      [
        ["--scf-to-slc", "--optimize", "--slc-to-dlc"],
        ["--emit", "dlc", "--opt", "3"],
      ],
    ] as const) {
      const [staged, levelled] = [await compiled("nest.mlir", ...stages), await compiled("nest.mlir", ...level)];
      expect(staged).toEqual(levelled);
      expect(staged.status).toBe(0);
    }
  });

  test("a program that the published compiler printed is lowered as the nest that it came from", async () => {
    const fromSlc = await compiled("sums.mlir", "--slc-to-dlc");
    const fromNest = await compiled("nest.mlir", "--scf-to-slc", "--slc-to-dlc");
    expect([fromSlc.status, fromSlc.stderr]).toEqual([0, ""]);
    // But for the names of values, and constants that only one of them keeps.
    const shape = (text: string) =>
      text
        .replaceAll(/%\w+/g, "%")
        .split("\n")
        .slice(2)
        .filter((line) => !line.includes("arith.constant"));
    expect(shape(fromSlc.stdout)).toEqual(shape(fromNest.stdout));
  });

  test("a program of streams has a kernel, one of vectors has none", async () => {
    expect((await compiled("sums.mlir", "--emit", "c")).stdout).toContain("static int32_t unit_0(");
    const { stdout } = await compiled("sums.mlir", "--optimize");
    const later = await millrace(["embed", "compile", "slcv.mlir", "--emit", "wat"], {
      folder: folderWith({ "slcv.mlir": stdout }),
    });
    expect([later.status, later.stderr]).toEqual([2, expect.stringContaining("vectors or queues")]);
  });

  test("what was printed at one level is taken up there", async () => {
    const printed = await compiled("nest.mlir", "--scf-to-slc");
    const later = await millrace(["embed", "compile", "slc.mlir", "--optimize", "--slc-to-dlc"], {
      folder: folderWith({ "slc.mlir": printed.stdout }),
    });
    const once = await compiled("nest.mlir", "--emit", "dlc");
    expect(later.stdout.split("\n").slice(1)).toEqual(once.stdout.split("\n").slice(1));
  });

  test.each([
    [["nest.mlir", "--optimize"], "--scf-to-slc comes before"],
    [["sums.mlir", "--scf-to-slc"], "leave --scf-to-slc out"],
    [["sums.mlir", "--emit", "scf"], "--emit scf needs a program of a level before it"],
    [["nest.mlir", "--optimize", "--opt", "2"], "give the stages, or --emit and --opt"],
    [[`${examples}/models/embedding-bag.pt2`, "--slc-to-dlc"], "is a loop nest"],
  ])("%s ends with status 2 and says what to do", async (args, message) => {
    const { status, stderr } = await compiled(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
