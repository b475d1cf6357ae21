/** `millrace kernel EXPRESSION`: sparse tensor algebra in units of equal work, at machine speed. */
import { compileKernel, type KernelOutcome } from "@millrace/sparse-partitioner";
import { parseAssignment, type Tensor, unpack } from "@millrace/tensor";
import { buildCommand, type Command } from "@stricli/core";
import { describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { writeStream } from "../../files/write.ts";
import { tensorBytes, writableExtension } from "../../inputs/write-tensor.ts";
import { type EmitOptions, emittedText } from "../../kernels/emit-kernel.ts";
import { openEngine } from "../../kernels/kernel-engine.ts";
import { kernelInputs } from "../../kernels/kernel-inputs.ts";
import { kernelToJson, kernelToText } from "../../kernels/kernel-report.ts";
import { keepKernelViews } from "../../kernels/kernel-views.ts";
import { unitsPicture } from "../../kernels/units-picture.ts";
import { unitsView } from "../../kernels/units-view.ts";
import { checkResult, referenceValue } from "../../simulation/check-result.ts";
import { type KernelFlags, kernelFlags } from "./kernel-flags.ts";

/** The `kernel` command. */
export const kernel: Command<Invocation> = buildCommand<KernelFlags, [string], Invocation>({
  docs: {
    brief: "Compute a sparse tensor expression in units of provably equal work",
    customUsage: [
      "EXPRESSION -i NAME=VALUE... [-f NAME:FORMAT]... [--units P] [--target wasm|c|interpreter] [--check]",
    ],
    fullDescription: describe(
      "Compiles one assignment in index notation over tensors in any formats, divides its work so that no unit has more than\nits share and a point, and runs the units. Tensors without a format are dense if they are full or vectors, else stored\nby rows (matrices) or fibres; results are sparse where the expression is. The same units give the same bytes, whatever\nthe threads and the target; with --grain for any number of units. With --check every value is compared with a reference\nevaluator; a difference ends with status 3.",
      [
        'millrace kernel "y(i)=A(i,j)*x(j)" -f A:ds -i A=examples/data/cora.mtx.gz -i x=random:2708 --units 64 --check',
        'millrace kernel "D(i,j)=A(i,j)+B(i,j)+C(i,j)" -f D:ds -i A=random:50x40:0.1 -i B=random:50x40:0.1 -i C=random:50x40:0.2 --units 7 --json',
        'millrace kernel "y(i)=A(i,j)*x(j)" -i A=examples/data/karate.mtx -i x=random:34 --units 4 --emit plan',
      ],
    ),
  },
  parameters: {
    flags: kernelFlags,
    aliases: { f: "format", i: "input", o: "output" },
    positional: {
      kind: "tuple",
      parameters: [{ brief: 'Index notation, such as "y(i)=A(i,j)*x(j)"', placeholder: "EXPRESSION", parse: String }],
    },
  },
  func: presenting<KernelFlags, [string]>("kernel", async (flags, place, expression) => {
    const assignment = parseAssignment(expression);
    const name = assignment.output.tensor;
    if (flags.output !== undefined) {
      if (flags.output.name !== name)
        throw new MillraceError("operand-unknown", `-o names ${flags.output.name}, but the result is ${name}`);
      writableExtension(flags.output.value);
    }
    const source = { folder: place.host.folder, seed: flags.seed, reading: (file: string) => place.reading(file) };
    const { lists, tensors, resultFormat } = await kernelInputs(assignment, flags, source);
    const { engine, close } = openEngine({
      target: flags.target,
      workers: flags.workers,
      units: flags.units,
      fast: flags.fast === true,
      note: (line) => place.note(line),
    });
    try {
      place.progress.begin("running");
      const compiled = compileKernel(assignment, {
        operands: tensors,
        engine,
        ...(resultFormat === undefined ? {} : { resultFormat }),
      });
      const { units, strategy, grain, visitWeight } = flags;
      const outcome = await compiled.run({
        units,
        strategy,
        statistics: true,
        now: () => place.host.now() * 1e6,
        ...(grain === undefined ? {} : { grain }),
        ...(visitWeight === undefined ? {} : { visitWeight }),
      });
      if (flags.picture !== undefined) place.write(flags.picture, unitsPicture(unitsView(outcome)));
      if (place.kept !== undefined) keepKernelViews(place.kept, outcome, units);
      if (flags.emit !== undefined) return emittedOutcome(flags.emit, outcome, { units, fast: flags.fast === true });
      if (flags.output !== undefined) await writeResult(flags.output.value, outcome.result, place);
      const check = flags.check ? checkResult(outcome.result, referenceValue(assignment, lists)) : undefined;
      const workers = flags.target === "interpreter" ? 1 : engine.workers;
      const report = { name, outcome, target: engine.target, workers, fast: engine.fast, check };
      return {
        status: check !== undefined && check.differing > 0 ? 3 : 0,
        json: () => kernelToJson(report),
        text: () => kernelToText(report),
      };
    } finally {
      close();
    }
  }),
});

function emittedOutcome(form: KernelFlags["emit"] & string, outcome: KernelOutcome, options: EmitOptions): Outcome {
  const text = emittedText(form, outcome, options);
  return { json: () => ({ form, text }), text: () => (text.endsWith("\n") ? text : `${text}\n`) };
}

async function writeResult(file: string, result: Tensor, place: Workplace): Promise<void> {
  const list = unpack(result, { zeros: "stored" });
  const header = { field: "real", symmetry: "general" } as const;
  const bytes = tensorBytes({ header, list }, writableExtension(file), "frostt");
  await writeStream(place.host.folder, file, bytes);
}
