import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const product = ["X(i,j)=B(i,k)*C(k,j)", "-f", "B=ds", "-f", "C=ds", "--order", "i,k,j"];

describe("sam compile", () => {
  test("prints Graphviz text that sam run takes", async () => {
    const { status, stdout } = await millrace(["sam", "compile", ...product]);
    expect(status).toBe(0);
    const folder = folderWith({
      "p.gv": stdout,
      "B.mtx": matrixText(2, 2, [[1, 2, 3]]),
      "C.mtx": matrixText(2, 2, [[2, 1, 5]]),
    });
    const run = await millrace(["sam", "run", "p.gv", "-i", "B=B.mtx", "-i", "C=C.mtx", "--json"], { folder });
    const { shape, entries } = JSON.parse(run.stdout).outputs.X;
    expect(shape).toEqual([2, 2]);
    expect(entries.filter((entry: number[]) => entry[2] !== 0)).toEqual([[0, 0, 15]]);
  });

  test("prints JSON that sam run takes, and SVG", async () => {
    const json = JSON.parse((await millrace(["sam", "compile", ...product, "--emit", "json"])).stdout);
    expect(json.blocks.length).toBeGreaterThan(10);
    const svg = (await millrace(["sam", "compile", ...product, "--emit", "svg"])).stdout;
    expect(svg).toContain("<svg");
    expect(svg).toContain("intersect k");
  });

  test("gives the loop order it chose with --json", async () => {
    const { stdout } = await millrace(["sam", "compile", "y(i)=A(i,j)*x(j)", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "y",
      order: ["i", "j"],
      form: "gv",
      text: expect.stringContaining("digraph"),
    });
  });
});

describe("sam simulate", () => {
  const inputs = ["-i", `B=${examples}/data/karate.mtx`, "-i", "C=random:34x8:0.3"];

  test("checks every value against a reference", async () => {
    const { status, stdout } = await millrace(["sam", "simulate", ...product, ...inputs, "--check", "--json"]);
    expect(status).toBe(0);
    const { check } = JSON.parse(stdout);
    expect(check).toMatchObject({ reference: "dense", differing: 0, differences: [] });
    expect(check.compared).toBeGreaterThan(100);
  });

  test("draws random operands from the seed and the operand's name alone", async () => {
    const values = async (seed: string): Promise<unknown> => {
      const { stdout } = await millrace(["sam", "simulate", ...product, ...inputs, "--json", "--seed", seed]);
      return JSON.parse(stdout).outputs;
    };
    expect(await values("1")).toEqual(await values("1"));
    expect(await values("1")).not.toEqual(await values("2"));
  });

  test("takes numbers and vectors stored as one-column matrices for operands", async () => {
    const folder = folderWith({
      "A.mtx": matrixText(2, 2, [
        [1, 1, 1],
        [2, 1, 3],
      ]),
      "x.mtx": matrixText(2, 1, [[1, 1, 10]]),
    });
    const command = [
      "sam",
      "simulate",
      "y(i)=a*A(i,j)*x(j)",
      "-i",
      "a=0.5",
      "-i",
      "A=A.mtx",
      "-i",
      "x=x.mtx",
      "--check",
      "--json",
    ];
    const { stdout } = await millrace(command, { folder });
    expect(JSON.parse(stdout).outputs.y.entries).toEqual([
      [0, 5],
      [1, 15],
    ]);
  });

  test("gives a file without extents those of the other operands", async () => {
    const folder = folderWith({ "A.mtx": matrixText(2, 5, [[1, 1, 1]]), "x.tns": "1 10\n" });
    const { status, stdout } = await millrace(
      ["sam", "simulate", "y(i)=A(i,j)*x(j)", "-i", "A=A.mtx", "-i", "x=x.tns", "--check", "--json"],
      { folder },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).outputs.y.shape).toEqual([2]);
  });
});

describe("sam draw", () => {
  test("prints the picture, or writes it where --to says", async () => {
    const graph = `${examples}/graphs/spmv.gv`;
    const { stdout } = await millrace(["sam", "draw", graph]);
    expect(stdout).toContain("<svg");
    const folder = folderWith();
    const written = await millrace(["sam", "draw", graph, "--to", "spmv.svg"], { folder });
    expect(written.stdout).toMatch(/^spmv\.svg: \d+ blocks, \d+ streams\n$/);
    expect(readFileSync(join(folder, "spmv.svg"), "utf8")).toBe(stdout);
  });
});
