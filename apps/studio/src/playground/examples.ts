/** Expressions to begin with. */
import type { PlaygroundRequest } from "./request.ts";

/** An expression and what it is. */
export interface PlaygroundExample {
  readonly name: string;
  readonly request: Pick<PlaygroundRequest, "expression" | "formats" | "order">;
}

function example(
  name: string,
  expression: string,
  formats: Readonly<Record<string, string>> = {},
  order = "",
): PlaygroundExample {
  return { name, request: { expression, formats, order } };
}

/** From a product with a vector to a factorisation's inner loop. */
export const examples: readonly PlaygroundExample[] = [
  example("sparse matrix times vector", "y(i) = A(i,j) * x(j)"),
  example("product by rows (Gustavson)", "C(i,k) = A(i,j) * B(j,k)", { A: "CSR", B: "CSR" }, "i,j,k"),
  example("inner products", "C(i,k) = A(i,j) * B(j,k)", { A: "DCSR", B: "DCSC" }, "i,k,j"),
  example("sum of three matrices", "D(i,j) = A(i,j) + B(i,j) + C(i,j)", { A: "DCSR", B: "DCSR", C: "DCSR" }),
  example("sampled product (SDDMM)", "C(i,j) = M(i,j) * A(i,k) * B(j,k)", { M: "DCSR", A: "dd", B: "dd" }, "i,j,k"),
  example("residual", "r(i) = b(i) - A(i,j) * x(j)"),
  example("MTTKRP", "X(i,l) = A(i,j,k) * B(j,l) * C(k,l)", { A: "sss", B: "dd", C: "dd" }),
  example("Frobenius product", "s = A(i,j) * B(i,j)", { A: "DCSR", B: "DCSR" }),
];
