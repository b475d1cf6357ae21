/**
 * Settles what lowering needs - storage orders, the loop order, the products - and refuses what a SAM graph cannot do.
 *
 * Every refusal is a diagnostic at the place in the expression that causes it; all of them are reported together.
 */
import { DiagnosticBag, nearest, type Span } from "@millrace/ir-text";
import { type Access, type Assignment, parseFormat, reductionsOf, TensorError } from "@millrace/tensor";
import type { SamLevelKind } from "../sam/graph.ts";
import type { LoweringPlan } from "./lower-assignment.ts";
import { isObstacle, type ProductTerm, productTerms } from "./product-terms.ts";
import { type RequestedFormat, settleOrder, storage } from "./settle-order.ts";

/** How an expression is to be lowered. */
export interface LowerOptions {
  /**
   * Storage of tensors by name, as text that `parseFormat` reads (`ds`, `ss10`, `CSR`). Without digits or a name, as in
   * `ds`, the mode order follows the loop order. Operands not listed are stored compressed; the result is stored dense
   * where every coordinate occurs, compressed elsewhere.
   */
  readonly formats?: Readonly<Record<string, string>>;
  /** All index variables, outermost loop first. Default: the first order that walks every operand in its storage order. */
  readonly order?: readonly string[];
  /** Look coordinates up in dense levels instead of scanning and intersecting these. Default false. */
  readonly locate?: boolean;
  /**
   * Feed a scalar reduction the coordinates of the loop around it where that loop may have empty fibres. Without them, as in
   * SAM's and Comal's graphs, an empty fibre gives a sum of its own that belongs to no coordinate. Default true.
   */
  readonly guides?: boolean;
}

/**
 * Plans the lowering of `assignment`, whose text is `expression`.
 *
 * @throws {DiagnosticError} codes `lower-*`: everything that stands in the way
 */
export function planLowering(assignment: Assignment, expression: string, options: LowerOptions): LoweringPlan {
  const bag = new DiagnosticBag();
  const report = (code: string, message: string, span: Span, help?: string): void => {
    bag.report({ severity: "error", code: `lower-${code}`, message, span, ...(help === undefined ? {} : { help }) });
  };
  const terms = productTerms(assignment.right, reductionsOf(assignment));
  if (isObstacle(terms)) {
    report("not-a-sum-of-products", `this has no SAM graph: ${terms.reason}`, terms.expression.span);
    bag.throwIfFailed();
    throw new TypeError("unreachable");
  }
  const accesses = terms.flatMap((term) => [...term.factors, ...term.divisors]);
  checkAssignment(assignment, terms, accesses, report);
  const formats = requestedFormats(assignment, accesses, options, report);
  bag.throwIfFailed();

  const order = settleOrder(accesses, formats, options.order, bag);
  bag.throwIfFailed();
  checkUnions(assignment, terms, order, report);
  const resultKinds = settleResult(assignment, formats.get(assignment.output.tensor), order, report);
  bag.throwIfFailed();

  const tensors = Object.fromEntries(
    accesses.map((access) => [access.tensor, storage(access, formats.get(access.tensor), order)]),
  );
  return {
    assignment,
    expression,
    order,
    terms,
    tensors,
    resultKinds,
    locate: options.locate ?? false,
    guides: options.guides ?? true,
  };
}

type Report = (code: string, message: string, span: Span, help?: string) => void;

function checkAssignment(
  { output, operator, span }: Assignment,
  terms: readonly ProductTerm[],
  accesses: readonly Access[],
  report: Report,
): void {
  if (operator === "+=")
    report(
      "accumulates",
      "a SAM graph writes its result anew and cannot add to an old one",
      span,
      "write = and add the old tensor as an operand",
    );
  for (const access of [output, ...accesses]) {
    const names = access.indices.map((index) => index.name);
    const repeated = access.indices.find((index, at) => names.indexOf(index.name) < at);
    if (repeated !== undefined) {
      report(
        "repeated-index",
        `${access.tensor} uses index ${repeated.name} twice: a diagonal has no scanner of its own`,
        repeated.span,
        "extract the diagonal first",
      );
    }
  }
  for (const term of terms) checkTerm(term, output, span, report);
}

function checkTerm(term: ProductTerm, output: Access, span: Span, report: Report): void {
  const [first] = term.factors;
  if (first === undefined) {
    report(
      "constant-term",
      `a term without a tensor is not sparse: it would fill all of ${output.tensor}`,
      term.divisors[0]?.span ?? span,
      "multiply it by a tensor that says where it counts",
    );
    return;
  }
  const names = new Set(term.factors.flatMap((factor) => factor.indices.map((index) => index.name)));
  const missing = output.indices.filter((index) => !names.has(index.name)).map((index) => index.name);
  if (missing.length > 0) {
    report(
      "broadcast-term",
      `the term of ${first.tensor} lacks ${missing.join(", ")}, so it would fill every ${missing.join(", ")} of ${output.tensor}`,
      first.span,
      `multiply it by a tensor over ${missing.join(", ")} that says where it counts`,
    );
  }
}

function requestedFormats(
  { output }: Assignment,
  accesses: readonly Access[],
  { formats = {} }: LowerOptions,
  report: Report,
): Map<string, RequestedFormat> {
  const known = new Map([output, ...accesses].map((access) => [access.tensor, access]));
  const requested = new Map<string, RequestedFormat>();
  for (const [name, text] of Object.entries(formats)) {
    const access = known.get(name);
    if (access === undefined) {
      const near = nearest(name, known.keys());
      const help = near === undefined ? `the tensors are ${[...known.keys()].join(", ")}` : `did you mean ${near}?`;
      report("unknown-tensor", `a format is given for ${name}, which the expression does not use`, output.span, help);
      continue;
    }
    const format = readFormat(text, access, report);
    if (format !== null) requested.set(name, format);
  }
  return requested;
}

function readFormat(text: string, access: Access, report: Report): RequestedFormat | null {
  try {
    const { levels, modeOrder } = parseFormat(text, access.indices.length);
    const odd = levels.find(({ kind }) => kind !== "dense" && kind !== "compressed");
    if (odd !== undefined) {
      report(
        "level-kind",
        `${access.tensor} has a ${odd.kind} level, which no SAM scanner reads`,
        access.span,
        "use dense (d) and compressed (s) levels",
      );
      return null;
    }
    const kinds = levels.map(({ kind }) => kind as SamLevelKind);
    const lettersOnly = /^\s*[a-z]*\s*$/.test(text);
    return { kinds, modeOrder: lettersOnly ? null : modeOrder };
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    report("format", `${access.tensor}: ${error.message}`, access.span);
    return null;
  }
}

// A product that runs two or more kept loops of its own cannot be joined with the others: its outer coordinates are
// made before its inner ones are known, and a union further out would have to insert fibres into a finished stream.
function checkUnions(
  { output }: Assignment,
  terms: readonly ProductTerm[],
  order: readonly string[],
  report: Report,
): void {
  if (terms.length === 1) return;
  const free = new Set(output.indices.map((index) => index.name));
  for (const term of terms) {
    const used = new Set(term.factors.flatMap((factor) => factor.indices.map((index) => index.name)));
    const loops = order.filter((variable) => used.has(variable));
    const first = loops.find((variable) => !free.has(variable));
    if (first === undefined) continue;
    const inside = loops.slice(loops.indexOf(first)).filter((variable) => free.has(variable));
    if (inside.length < 2) continue;
    report(
      "union-of-accumulators",
      `the sum over ${first} makes fibres of ${inside.join(", ")} that cannot be joined with the other terms`,
      term.factors[0]!.span,
      `move ${first} inside ${inside.slice(0, -1).join(", ")} in the loop order`,
    );
  }
}

function settleResult(
  { output }: Assignment,
  format: RequestedFormat | undefined,
  order: readonly string[],
  report: Report,
): Map<string, SamLevelKind> {
  const modes = output.indices.map((_, mode) => mode);
  const place = (mode: number): number => order.indexOf(output.indices[mode]!.name);
  const produced = modes.sort((a, b) => place(a) - place(b));
  if (format === undefined) return new Map();
  if (format.modeOrder !== null && format.modeOrder.join() !== produced.join()) {
    report(
      "result-order",
      `the loop order ${order.join(",")} makes ${output.tensor} in mode order ${produced.join("")}, not ${format.modeOrder.join("")}`,
      output.span,
      `ask for mode order ${produced.join("")}, or change the loop order`,
    );
  }
  return new Map(produced.map((mode, level) => [output.indices[mode]!.name, format.kinds[level]!]));
}
