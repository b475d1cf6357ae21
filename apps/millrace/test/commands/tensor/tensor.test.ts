import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

describe("tensor info", () => {
  test("describes a compressed symmetric pattern with all the keys scripts rely on", async () => {
    const { status, stdout, stderr } = await millrace(["tensor", "info", `${examples}/data/cora.mtx.gz`, "--json"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      file: `${examples}/data/cora.mtx.gz`,
      format: "matrix-market",
      variant: "coordinate pattern symmetric",
      gzip: true,
      shape: [2708, 2708],
      entries: 13264,
      storedEntries: 7986,
      field: "pattern",
      valueType: "float64",
      symmetry: "symmetric",
      duplicates: 0,
      explicitZeros: 0,
      density: 13264 / 2708 ** 2,
      emptyRows: 0,
      maxRow: 169,
      meanRow: 13264 / 2708,
    });
  });

  test("prints a short table for people", async () => {
    const { stdout } = await millrace(["tensor", "info", "data/karate.mtx"], { folder: examples });
    expect(stdout).toBe(
      [
        "file            data/karate.mtx",
        "format          matrix-market (coordinate pattern symmetric)",
        "shape           34 x 34",
        "entries         156 (78 stored)",
        "density         13 %",
        "value type      float64 (pattern: all 1)",
        "symmetry        symmetric",
        "duplicates      0",
        "explicit zeros  0",
        "empty rows      0",
        "longest row     17",
        "mean row        4.588",
        "",
      ].join("\n"),
    );
  });

  test("counts duplicates, zeros and empty rows", async () => {
    const folder = folderWith({
      "a.mtx": matrixText(4, 2, [
        [1, 1, 3],
        [1, 1, 4],
        [3, 2, 0],
      ]),
    });
    const { stdout } = await millrace(["tensor", "info", "a.mtx", "--json"], { folder });
    expect(JSON.parse(stdout)).toMatchObject({ entries: 3, duplicates: 1, explicitZeros: 1, emptyRows: 2, maxRow: 1 });
  });

  test("a malformed file ends with status 2 and the line at fault", async () => {
    const folder = folderWith({
      "a.mtx": matrixText(2, 2, [
        [1, 1, 3],
        [3, 1, 4],
      ]),
    });
    expect(await millrace(["tensor", "info", "a.mtx"], { folder })).toEqual({
      status: 2,
      stdout: "",
      stderr: "a.mtx:4:1: error: the row index is 3, outside 1 .. 2\n  4 | 3 1 4\n    | ^\n",
    });
    const { stderr } = await millrace(["tensor", "info", "a.mtx", "--error-format", "json"], { folder });
    expect(JSON.parse(stderr).errors[0]).toMatchObject({ code: "coordinate-range", file: "a.mtx", line: 4, column: 1 });
  });

  test("a missing file, a folder and an unknown kind of file end with status 2 and say what to do", async () => {
    const folder = folderWith({ "graph.mtx": "", "x.data": "hello" });
    const stderr = async (name: string): Promise<string> => {
      const run = await millrace(["tensor", "info", name], { folder });
      expect(run.status).toBe(2);
      return run.stderr;
    };
    expect(await stderr("grahp.mtx")).toBe("error: no such file: grahp.mtx\n  help: did you mean graph.mtx?\n");
    expect(await stderr(".")).toBe("error: . is a folder, expected a file\n  help: name a file inside it\n");
    expect(await stderr("x.data")).toContain("neither the name nor the first bytes tell the format");
    expect(await stderr("graph.mtx")).toContain("the file ends before its banner");
  });
});

describe("tensor validate", () => {
  test("remarks on what is legal but odd", async () => {
    const folder = folderWith({
      "a.mtx": matrixText(2, 2, [
        [1, 1, 3],
        [1, 1, 0],
      ]),
    });
    const { status, stdout } = await millrace(["tensor", "validate", "a.mtx"], { folder });
    expect(status).toBe(0);
    expect(stdout).toBe(
      "a.mtx: well formed\n  note: 1 entry repeats an earlier place: their values are added up\n  note: 1 stored entry is zero\n",
    );
  });

  test("gives the first fault of a malformed file, as JSON too, with status 2", async () => {
    const folder = folderWith({ "a.mtx": "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 x 1\n" });
    const { status, stdout } = await millrace(["tensor", "validate", "a.mtx", "--json"], { folder });
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, fault: { file: "a.mtx", line: 3, column: 3 } });
  });
});

describe("tensor convert", () => {
  test.each(["mtx", "mtx.gz", "tns", "smtx", "npy", "npz"])("to .%s and back keeps every entry", async (extension) => {
    const folder = folderWith();
    const there = await millrace(
      ["tensor", "convert", `${examples}/data/karate.mtx`, "--to", `k.${extension}`, "--json"],
      { folder },
    );
    expect(JSON.parse(there.stdout)).toMatchObject({ shape: [34, 34], entries: 156 });
    const back = await millrace(["tensor", "convert", `k.${extension}`, "--to", "back.tns"], { folder });
    expect(back.status).toBe(0);
    await millrace(["tensor", "convert", `${examples}/data/karate.mtx`, "--to", "direct.tns"], { folder });
    const sorted = (name: string): string[] => readFileSync(join(folder, name), "utf8").split("\n").sort();
    expect(sorted("back.tns")).toEqual(sorted("direct.tns"));
  });

  test("keeps field and symmetry of Matrix Market, byte for byte the second time", async () => {
    const folder = folderWith();
    await millrace(["tensor", "convert", `${examples}/data/karate.mtx`, "--to", "a.mtx"], { folder });
    await millrace(["tensor", "convert", "a.mtx", "--to", "b.mtx"], { folder });
    expect(readFileSync(join(folder, "a.mtx"), "utf8")).toMatch(
      /^%%MatrixMarket matrix coordinate pattern symmetric\n/,
    );
    expect(readFileSync(join(folder, "b.mtx"))).toEqual(readFileSync(join(folder, "a.mtx")));
  });

  test("refuses what a format cannot hold and leaves no file", async () => {
    const folder = folderWith({ "t.tns": "1 1 1 2.5\n" });
    const { status, stderr } = await millrace(["tensor", "convert", "t.tns", "--to", "t.mtx"], { folder });
    expect(status).toBe(2);
    expect(stderr).toBe("error: Matrix Market holds matrices, not tensors of shape [1, 1, 1]\n");
    expect(readdirSync(folder)).toEqual(["t.tns"]);
  });

  test("refuses a name that tells no format", async () => {
    const { status, stderr } = await millrace(["tensor", "convert", `${examples}/data/karate.mtx`, "--to", "x.matx"]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      "error: cannot tell from its name in which format to write x.matx\n  help: did you mean .mtx?\n",
    );
    expect(existsSync("x.matx")).toBe(false);
  });
});

test("--out keeps the JSON document beside what is printed", async () => {
  const folder = folderWith();
  const { stdout } = await millrace(["tensor", "info", `${examples}/data/karate.mtx`, "--json", "--out", "kept"], {
    folder,
  });
  expect(readFileSync(join(folder, "kept/tensor-info.json"), "utf8")).toBe(stdout);
});
