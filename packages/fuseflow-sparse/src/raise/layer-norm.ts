/** Layer norm, statement by statement. */
import type { ProgramExpression } from "../program/program.ts";
import { extentOf } from "./atoms.ts";
import type { Node } from "./model-types.ts";
import { align, binary, broadcast, like, scaled, tensorOf, unary } from "./pieces.ts";
import { access, letters, type Raiser, type TensorView, type Variables } from "./raiser.ts";

/** Mean, deviations, variance, and what they are scaled to. */
export function layerNorm(raiser: Raiser, node: Node): TensorView {
  const x = tensorOf(raiser, node, 0);
  if (Number(node.attributes.rank ?? 1) !== 1) throw raiser.refusal(node, "only the last dimension can be normalised");
  const last = x.dimensions.at(-1)!;
  const name = node.outputs[0]!;
  const count = extentOf(last);
  const epsilon = Number(node.attributes.epsilon ?? 1e-5);
  const outer = x.dimensions.slice(0, -1);
  const mean = like(raiser, node, outer, `${name}_mean`);
  const over = (variables: Variables): readonly string[] => letters([last], variables.length)[0]!;
  const summed = (operand: ProgramExpression, names: readonly string[]): ProgramExpression =>
    scaled("scalar-div", count, { kind: "reduction", operation: "add", over: names, operand });
  raiser.emit(mean, (variables) => summed(access(x, [...variables, over(variables)]), over(variables)));
  const centred = like(raiser, node, x.dimensions, `${name}_centred`);
  raiser.emit(centred, (variables) => binary("sub", access(x, variables), access(mean, variables.slice(0, -1))));
  const variance = like(raiser, node, outer, `${name}_variance`);
  raiser.emit(variance, (variables) => {
    const c = access(centred, [...variables, over(variables)]);
    return summed(binary("mul", c, c), over(variables));
  });
  const result = like(raiser, node, x.dimensions);
  const optional = (at: number): TensorView | null => (node.inputs[at] ? tensorOf(raiser, node, at) : null);
  const [gain, shift] = [optional(1), optional(2)];
  for (const each of [gain, shift]) if (each !== null) align(raiser, node, each, result);
  raiser.emit(result, (variables) => {
    const spread = scaled("scalar-add", epsilon, access(variance, variables.slice(0, -1)));
    let value = binary("mul", access(centred, variables), unary("rsqrt", spread));
    if (gain !== null) value = binary("mul", value, broadcast(gain, variables));
    return shift === null ? value : binary("add", value, broadcast(shift, variables));
  });
  return result;
}
