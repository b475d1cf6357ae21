/** The equation of an einsum: labels of every operand and of the result. */
import { ModelError } from "../errors.ts";

/** A read equation. `...` stands as labels `.0`, `.1`, … counted from the right. */
export interface EinsumEquation {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const ellipsis = "...";

/**
 * Reads an equation such as `ij,jk->ik`; without an arrow the result has the labels that appear once, in order of the
 * alphabet.
 *
 * @throws {ModelError} `shape-mismatch` for a rank that does not fit, `operator-arguments` for a fault in the text
 */
export function parseEinsumEquation(equation: string, ranks: readonly number[]): EinsumEquation {
  const text = equation.replaceAll(" ", "");
  const [left = "", right, ...more] = text.split("->");
  if (more.length > 0 || !/^[A-Za-z.,]*$/.test(left) || !/^[A-Za-z.]*$/.test(right ?? "")) {
    throw new ModelError("operator-arguments", `${JSON.stringify(equation)} is no einsum equation`, {
      help: "write letters for indices, as in ij,jk->ik",
    });
  }
  const terms = left.split(",");
  if (terms.length !== ranks.length) {
    throw new ModelError("operator-arguments", `${equation} names ${terms.length} operands, ${ranks.length} are given`);
  }
  const operands = terms.map((term, index) => labelsOf(term, ranks[index] ?? 0));
  const hidden = Math.max(0, ...operands.map((labels) => labels.filter((label) => label.startsWith(".")).length));
  const output =
    right === undefined ? implicitOutput(operands) : labelsOf(right, right.replace(ellipsis, "").length + hidden);
  for (const label of output) {
    if (operands.some((labels) => labels.includes(label)) && output.indexOf(label) === output.lastIndexOf(label))
      continue;
    throw new ModelError(
      "operator-arguments",
      `index ${label} of the result of ${equation} must appear once, and in an operand`,
    );
  }
  return { operands, output };
}

function labelsOf(term: string, rank: number): string[] {
  const [before = "", after, ...more] = term.split(ellipsis);
  const named = before.length + (after ?? "").length;
  if (
    more.length > 0 ||
    (before + (after ?? "")).includes(".") ||
    (after === undefined ? named !== rank : named > rank)
  ) {
    throw new ModelError("shape-mismatch", `${JSON.stringify(term)} does not name the ${rank} axes of its operand`);
  }
  if (after === undefined) return [...before];
  const hidden = Array.from({ length: rank - named }, (_, at) => `.${rank - named - 1 - at}`);
  return [...before, ...hidden, ...after];
}

function implicitOutput(operands: readonly (readonly string[])[]): string[] {
  const all = operands.flat();
  const hidden = [...new Set(all.filter((label) => label.startsWith(".")))].sort(
    (a, b) => Number(b.slice(1)) - Number(a.slice(1)),
  );
  const once = all.filter((label) => !label.startsWith(".") && all.indexOf(label) === all.lastIndexOf(label));
  return [...hidden, ...once.sort()];
}
