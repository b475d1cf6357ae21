/** `read-kernel`: an expression in index notation and its operands, computed once by the interpreter. */
import { compileKernel, interpreterEngine } from "@millrace/sparse-partitioner";
import { entryCount, parseAssignment } from "@millrace/tensor";
import { type KernelInputs, kernelInputs, shownFormat } from "../../../kernels/kernel-inputs.ts";
import { checkResult, referenceValue } from "../../../simulation/check-result.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import type { KernelArtifact } from "../../artifacts.ts";
import { operands } from "../../options/file-options.ts";
import { integer, text } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const readKernel: StageKind = stageKind({
  name: "read-kernel",
  brief: "Reads an expression in index notation and its operands",
  packages: ["sparse-partitioner", "tensor"],
  inputs: {},
  options: {
    expression: text("Index notation", "an expression such as y(i)=A(i,j)*x(j)", { parse: parseAssignment }),
    operands: operands("Tensors of the expression"),
    seed: integer("Seed of operands that are drawn", { least: 0, most: 0xffff_ffff, fallback: 0 }),
  },
  output: "kernel",
  async run({ options: { expression, operands: given, seed }, place }) {
    const kernel: KernelArtifact = { expression, operands: given, seed };
    const { lists, tensors } = await loadedKernel(kernel, place.folder);
    place.begin("interpreting");
    const assignment = parseAssignment(expression);
    const compiled = compileKernel(assignment, { operands: tensors, engine: interpreterEngine });
    const { result } = await compiled.run({ units: 1 });
    const { compared, differing } = checkResult(result, referenceValue(assignment, lists));
    compiled.release();
    const entries = Object.values(lists).reduce((sum, list) => sum + entryCount(list), 0);
    return {
      output: kernel,
      gave: `${expression} on ${formatCount(entries)} entries`,
      check: { against: "the reference evaluator", compared, differing, unit: "values" },
      tables: [
        {
          title: "Operands",
          columns: ["operand", "shape", "stored", "entries"],
          rows: Object.entries(tensors).map(([name, tensor]) => [
            name,
            tensor.shape.join(" x "),
            shownFormat(tensor),
            entryCount(lists[name]!),
          ]),
        },
      ],
    };
  },
});

/** The operands of a kernel, read or drawn, as lists and as stored. */
export function loadedKernel(
  { expression, operands: given, seed }: KernelArtifact,
  folder: string,
): Promise<KernelInputs> {
  const input = Object.entries(given).map(([name, value]) => ({ name, value }));
  return kernelInputs(parseAssignment(expression), { input }, { folder, seed, reading: () => () => {} });
}
