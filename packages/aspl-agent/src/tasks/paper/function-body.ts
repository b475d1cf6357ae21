/** Bodies of functions in the paper's tasks: assignments, and a list that is returned. */
import { AsplError } from "../../errors.ts";
import { type PythonNames, pythonFormula } from "./python-formula.ts";

/** Longest formula that a body may come to. */
const longest = 4096;

/** Bodies that are known as a whole, by their statements without blanks: rotations of pairs of elements. */
const frequency =
  "freq=input[0]/(10000**(torch.arange(0,D_value,2,dtype=torch.float)/ctx[D]));cos=freq.cos();sin=freq.sin();";
const rotated = "o1=x1*cos-x2*sin;o2=x1*sin+x2*cos;";
const whole: Readonly<Record<string, string>> = {
  [`${frequency}x1,x2=input[1].chunk(2,dim=-1);${rotated}return[torch.cat([o1,o2],dim=-1)]`]: "ropeHalf(x[0],x[1])",
  [`${frequency}x1=input[1][...,::2];x2=input[1][...,1::2];${rotated}return[torch.stack((o1,o2),dim=-1).flatten(-2)]`]:
    "ropeInterleaved(x[0],x[1])",
};

/**
 * The formulas of a body, one for each part of the result.
 *
 * @throws {AsplError} `task` at the first statement that is not read.
 */
export function bodyFormulas(body: string, names: Omit<PythonNames, "values">): string[] {
  const lines = body
    .split("\n")
    .map((line) => line.replace(/#.*$/, "").trim())
    .filter((line) => line !== "");
  const known = whole[lines.map((line) => line.replaceAll(/\s+/g, "")).join(";")];
  if (known !== undefined) return [known];
  const values = new Map<string, string>();
  const read = (text: string) => short(pythonFormula(text, { ...names, values }));
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const [, returned] = /^return\s+(.*)$/.exec(line) ?? [];
    if (returned !== undefined) {
      if (at + 1 < lines.length) throw new AsplError("task", `'${lines[at + 1]}' stands behind the return`);
      return returnedFormulas(returned, read);
    }
    const chosen = chosenLargest(lines.slice(at, at + 3));
    if (chosen !== undefined) {
      values.set(chosen.name, short(`topkMask(${read(chosen.of)},${chosen.count})`));
      at += 2;
      continue;
    }
    const [, targets, value] = /^([\w\s,]+?)\s*=(?!=)\s*(.*)$/.exec(line) ?? [];
    if (targets === undefined || value === undefined)
      throw new AsplError("task", `'${line}' is no assignment and no return`);
    assign(values, targets, value, read);
  }
  throw new AsplError("task", "the body returns nothing");
}

function assign(values: Map<string, string>, targets: string, value: string, read: (text: string) => string): void {
  const names = targets.split(",").map((name) => name.trim());
  const whole = /^(input|state)$/.exec(value)?.[1];
  if (names.length === 1 && whole === undefined) {
    values.set(names[0]!, read(value));
    return;
  }
  if (whole === undefined)
    throw new AsplError("task", `'${targets} = ${value}': several names take input or state apart`);
  for (const [at, name] of names.entries()) values.set(name, `${whole === "input" ? "x" : "s"}[${at}]`);
}

/** The idiom that marks the largest elements with ones: topk, zeros, scatter. */
function chosenLargest(lines: readonly string[]): { name: string; of: string; count: string } | undefined {
  const [first = "", second = "", third = ""] = lines;
  const [, places, of, count, dim] =
    /^_\s*,\s*(\w+)\s*=\s*torch\.topk\((.+),\s*(\d+),\s*dim=(-1|0)\)$/.exec(first) ?? [];
  const [, name, like] = /^(\w+)\s*=\s*torch\.zeros_like\((.+?)(?:,\s*dtype=torch\.float32)?\)$/.exec(second) ?? [];
  if (name === undefined || of === undefined || count === undefined || like !== of) return undefined;
  const scattered = third.replaceAll(/\s+/g, "") === `${name}.scatter_(${dim},${places},1.0)`;
  return scattered ? { name, of, count } : undefined;
}

function returnedFormulas(text: string, read: (text: string) => string): string[] {
  const choice =
    /^\[\s*torch\.tensor\(\[1\.0,\s*0\.0\]\)\s*\]\s+if\s+(.+)\s+else\s+\[\s*torch\.tensor\(\[0\.0,\s*1\.0\]\)\s*\]$/;
  const [, condition] = choice.exec(text) ?? [];
  if (condition !== undefined) return [`oneHot2(${read(condition)})`];
  const [, list] = /^\[(.*)\]$/.exec(text) ?? [];
  if (list === undefined) throw new AsplError("task", `'return ${text}': expected a list`);
  return splitList(list).map(read);
}

/** The members of a list, at commas that stand in no brackets. */
function splitList(text: string): string[] {
  const members: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if ("([".includes(character)) depth += 1;
    if (")]".includes(character)) depth -= 1;
    if (character === "," && depth === 0) members.push("");
    else members[members.length - 1] += character;
  }
  return members.map((member) => member.trim()).filter((member, at) => member !== "" || at === 0);
}

function short(formula: string): string {
  if (formula.length > longest)
    throw new AsplError("task", `a formula of ${formula.length} characters; ${longest} are read`);
  return formula;
}
