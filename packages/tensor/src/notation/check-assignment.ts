import { type DiagnosticBag, nearest } from "@millrace/ir-text";
import type { Access, Assignment } from "./expression.ts";
import type { NotationDiagnostic } from "./notation-diagnostic.ts";
import { accessesOf } from "./terms.ts";

/**
 * Reports to `bag` whatever makes an assignment meaningless before any tensor is known: codes `order-mismatch`,
 * `output-index-unbound`, `output-index-repeated`, `output-operand` and `index-as-tensor`.
 */
export function checkAssignment(assignment: Assignment, bag: DiagnosticBag): void {
  const operands = accessesOf(assignment.right);
  const report = (diagnostic: NotationDiagnostic): void => bag.report(diagnostic);
  checkOutput(assignment.output, operands, report);
  checkOrders(operands, report);
  checkNames([assignment.output, ...operands], report);
}

type Report = (diagnostic: NotationDiagnostic) => void;

function checkOutput(output: Access, operands: readonly Access[], report: Report): void {
  for (const operand of operands) {
    if (operand.tensor !== output.tensor) continue;
    report({
      severity: "error",
      code: "output-operand",
      message: `the output '${output.tensor}' cannot be an operand too`,
      span: operand.span,
      notes: [{ message: `'${output.tensor}' is assigned to`, span: output.span }],
      help: "give the result another name, or use '+=' to add to it",
    });
  }
  const onTheRight = new Set(operands.flatMap(({ indices }) => indices.map(({ name }) => name)));
  output.indices.forEach((index, mode) => {
    const first = output.indices.findIndex(({ name }) => name === index.name);
    if (first < mode) {
      const message = `the output has index '${index.name}' twice`;
      const help = "only tensors on the right may repeat an index";
      report({ severity: "error", code: "output-index-repeated", message, span: index.span, help });
    } else if (!onTheRight.has(index.name)) {
      const close = nearest(index.name, onTheRight);
      const message = `output index '${index.name}' is in no tensor on the right, so its extent is unknown`;
      const help = close === undefined ? "remove it, or index a tensor on the right by it" : `did you mean '${close}'?`;
      report({ severity: "error", code: "output-index-unbound", message, span: index.span, help });
    }
  });
}

function checkOrders(operands: readonly Access[], report: Report): void {
  const firstUses = new Map<string, Access>();
  for (const operand of operands) {
    const first = firstUses.get(operand.tensor);
    if (first === undefined) firstUses.set(operand.tensor, operand);
    else if (first.indices.length !== operand.indices.length) {
      report({
        severity: "error",
        code: "order-mismatch",
        message: `'${operand.tensor}' has ${countIndices(operand)} here and ${countIndices(first)} elsewhere`,
        span: operand.span,
        notes: [{ message: `used with ${countIndices(first)}`, span: first.span }],
      });
    }
  }
}

function checkNames(accesses: readonly Access[], report: Report): void {
  const indices = new Map(accesses.flatMap((access) => access.indices).map((index) => [index.name, index]));
  const reported = new Set<string>();
  for (const { tensor, span } of accesses) {
    const index = indices.get(tensor);
    if (index === undefined || reported.has(tensor)) continue;
    reported.add(tensor);
    const message = `'${tensor}' is an index and cannot name a tensor too`;
    const notes = [{ message: "used as an index", span: index.span }];
    report({ severity: "error", code: "index-as-tensor", message, span, notes });
  }
}

function countIndices({ indices }: Access): string {
  if (indices.length === 0) return "no index";
  return indices.length === 1 ? "1 index" : `${indices.length} indices`;
}
