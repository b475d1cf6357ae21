/** The choices of `millrace kernel` as a space: formats of operands, order of loops, units of work, and what runs them. */
import { findCompiler, nodeHost } from "@millrace/loop-ir";
import { evaluate, type KernelConfiguration, searchSpace } from "@millrace/sparse-partitioner";
import { parseAssignment } from "@millrace/tensor";
import { type OpenEngine, openEngine, type TargetName } from "../../kernels/kernel-engine.ts";
import { kernelInputs } from "../../kernels/kernel-inputs.ts";
import { checkResult, type ReferenceValue, referenceValue } from "../../simulation/check-result.ts";
import type { OpenTuningSpace } from "./tuning-space.ts";

/** Opens `kernel:EXPRESSION`. Every result is compared with a reference; one that differs is a crash. */
export const openKernelSpace: OpenTuningSpace = async ({ subject, inputs, folder, seed }) => {
  const assignment = parseAssignment(subject);
  const source = { folder, seed, reading: () => () => {} };
  const { lists, tensors } = await kernelInputs(assignment, { input: inputs }, source);
  const targets: TargetName[] = findCompiler(nodeHost(process)) === undefined ? ["wasm"] : ["wasm", "c"];
  const scenario = searchSpace(assignment, { operands: tensors, targets });
  let opened: { readonly engines: ReadonlyMap<string, OpenEngine>; readonly reference: ReferenceValue } | undefined;
  const open = () => ({
    engines: new Map(targets.map((target) => [target, engineFor(target)])),
    reference: referenceValue(assignment, lists),
  });
  return {
    scenario,
    async evaluate(config) {
      opened ??= open();
      const measured = await evaluate(assignment, config as KernelConfiguration, {
        operands: tensors,
        engines: Object.fromEntries([...opened.engines].map(([target, { engine }]) => [target, engine])),
        now: () => performance.now() * 1e6,
      });
      if (!measured.feasible) return measured;
      const { differing, compared } = checkResult(measured.result, opened.reference);
      if (differing > 0) throw new Error(`${differing} of ${compared} values differ from the reference`);
      return { feasible: true, run_ns: measured.run_ns };
    },
    close() {
      for (const { close } of opened?.engines.values() ?? []) close();
    },
  };
};

function engineFor(target: TargetName): OpenEngine {
  return openEngine({ target, workers: undefined, units: Number.POSITIVE_INFINITY, fast: false, note: () => {} });
}
