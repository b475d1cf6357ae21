/** A result that is added to what its output held. */
import type { MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";

/**
 * The result of `make`, added to what the output `out` held before unless that is zero. Where nothing is added, the `last`
 * node that `make` adds has the result of the operation; elsewhere it names what it made.
 */
export function accumulate(
  operation: MlirOperation,
  lowering: MlirLowering,
  out: string,
  make: (target: { readonly last: boolean }) => string | undefined,
): void {
  if (lowering.filledWith(out) === 0) {
    make({ last: true });
    return;
  }
  const sum = make({ last: false });
  lowering.result("add", [sum ?? out, out], {}, operation);
}
