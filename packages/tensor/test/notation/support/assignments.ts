import { parseAssignment as parse } from "../../../src/index.ts";

/** Every expression of the SAM and FuseFlow kernels that the package must serve, by the kernel's name. */
export const kernels = {
  spmv: "y(i) = A(i,j) * x(j)",
  spmm: "X(i,j) = B(i,k) * C(k,j)",
  sddmm: "X(i,j) = B(i,j) * C(i,k) * D(k,j)",
  mttkrp: "X(i,j) = B(i,k,l) * C(j,k) * D(j,l)",
  residual: "x(i) = b(i) - C(i,j) * d(j)",
  mattransmul: "x(i) = alpha * B(j,i) * c(j) + beta * d(i)",
  ttv: "X(i,j) = B(i,j,k) * c(k)",
  ttm: "X(i,j,k) = B(i,j,l) * C(k,l)",
  innerProduct: "x = B(i,j,k) * C(i,j,k)",
  plus3: "X(i,j) = B(i,j) + C(i,j) + D(i,j)",
} as const;

/** A syntax tree without its spans, so that trees of different texts can be compared. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "span" ? undefined : value)));
}

/** The message of the error that parsing gives, line by line. */
export function faultsOf(text: string): string[] {
  try {
    parse(text);
  } catch (fault) {
    return (fault as Error).message.split("\n");
  }
  throw new Error(`'${text}' has no fault`);
}
