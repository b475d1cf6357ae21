import { DiagnosticBag, type DiagnosticNote, nearest } from "@millrace/ir-text";
import { TensorError } from "../errors.ts";
import type { Access, Assignment } from "./expression.ts";
import type { NotationDiagnostic } from "./notation-diagnostic.ts";
import { accessesOf } from "./terms.ts";

/** How many values each index takes, by name. */
export type Extents = ReadonlyMap<string, number>;

/**
 * The extent of every index of an assignment, from the shapes of its operands.
 *
 * `shapes` needs one entry for each operand (`[]` for a scalar) and may hold more; a shape of the output is checked too.
 *
 * @throws {DiagnosticError} with codes `operand-missing`, `operand-order` and `extent-mismatch`, all that there are.
 * @throws {TensorError} `shape-invalid` for an extent that is no non-negative integer.
 *
 * @example
 * ```ts
 * const extents = inferExtents(parseAssignment("y(i) = A(i,j) * x(j)"), { A: [3, 4], x: [4] });
 * [...extents]; // => [["i", 3], ["j", 4]]
 * ```
 */
export function inferExtents(assignment: Assignment, shapes: Readonly<Record<string, readonly number[]>>): Extents {
  const bag = new DiagnosticBag();
  const inference = new ExtentInference(shapes, bag);
  for (const operand of accessesOf(assignment.right)) inference.use(operand);
  if (Object.hasOwn(shapes, assignment.output.tensor)) inference.use(assignment.output);
  bag.throwIfFailed();
  return inference.extents;
}

class ExtentInference {
  readonly extents: Map<string, number> = new Map();
  /** Where each extent was learnt; has the keys of `extents`. */
  readonly #origins = new Map<string, DiagnosticNote>();
  readonly #missing = new Set<string>();
  readonly #shapes: Readonly<Record<string, readonly number[]>>;
  readonly #bag: DiagnosticBag;

  constructor(shapes: Readonly<Record<string, readonly number[]>>, bag: DiagnosticBag) {
    this.#shapes = shapes;
    this.#bag = bag;
  }

  use(access: Access): void {
    const shape = this.#shapeOf(access);
    if (shape === undefined) return;
    const order = access.indices.length;
    if (shape.length !== order) {
      const used = `${order} ${order === 1 ? "index" : "indices"}`;
      const message = `'${access.tensor}' has order ${shape.length} (shape [${shape.join(", ")}]), but ${used}`;
      this.#report({ severity: "error", code: "operand-order", message, span: access.span });
      return;
    }
    shape.forEach((extent, mode) => {
      this.#learn(access, mode, extent);
    });
  }

  #learn(access: Access, mode: number, extent: number): void {
    const index = access.indices[mode];
    if (index === undefined) return;
    const known = this.extents.get(index.name);
    const origin = this.#origins.get(index.name);
    if (known === undefined || origin === undefined) {
      this.extents.set(index.name, extent);
      const message = `${extent} values, from mode ${mode} of '${access.tensor}',`;
      this.#origins.set(index.name, { message: `'${index.name}' takes ${message}`, span: index.span });
    } else if (known !== extent) {
      const message = `mode ${mode} of '${access.tensor}' has extent ${extent}, but '${index.name}' has extent ${known}`;
      this.#report({ severity: "error", code: "extent-mismatch", message, span: index.span, notes: [origin] });
    }
  }

  #shapeOf({ tensor, span }: Access): readonly number[] | undefined {
    const shape = Object.hasOwn(this.#shapes, tensor) ? this.#shapes[tensor] : undefined;
    if (shape !== undefined) {
      for (const extent of shape) {
        if (Number.isSafeInteger(extent) && extent >= 0) continue;
        throw new TensorError("shape-invalid", `shape [${shape.join(", ")}] of '${tensor}' has extent ${extent}`);
      }
      return shape;
    }
    if (this.#missing.has(tensor)) return undefined;
    this.#missing.add(tensor);
    const names = Object.keys(this.#shapes);
    const close = nearest(tensor, names);
    const given = names.length === 0 ? "no tensors are given" : `given are ${names.slice(0, 20).join(", ")}`;
    const help = close === undefined ? given : `did you mean '${close}'?`;
    this.#report({ severity: "error", code: "operand-missing", message: `no tensor '${tensor}' is given`, span, help });
    return undefined;
  }

  #report(diagnostic: NotationDiagnostic): void {
    this.#bag.report(diagnostic);
  }
}
