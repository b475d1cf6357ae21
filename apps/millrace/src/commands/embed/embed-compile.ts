/** `millrace embed compile`: the programs of a model at one level. */
import { type PassName, printProgram, publishedTmu } from "@millrace/ember-dae";
import { nearest } from "@millrace/ir-text";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { compileStages, type StageFlags, stagesOf } from "../../embed/compile-stages.ts";
import { kernelText } from "../../embed/kernel-text.ts";
import { loadPrograms } from "../../embed/load-programs.ts";
import { MillraceError } from "../../errors.ts";
import { PassTexts } from "../../simulation/keep-views.ts";
import { modelArgument, optFlag } from "./embed-flags.ts";

const passNames = [
  ...(["decouple", "store-streams", "vectorize", "bufferize"] as const),
  ...(["align-queues", "lower-to-dlc", "lower-to-tmu"] as const),
];
const emitted = ["scf", "slc", "slcv", "dlc", "tmu", "c", "wat"] as const;

function parsePass(text: string): PassName {
  const found = passNames.find((name) => name === text);
  if (found !== undefined) return found;
  const close = nearest(text, passNames);
  const help = close === undefined ? `passes are ${passNames.join(", ")}` : `did you mean ${close}?`;
  throw new MillraceError("argument", `there is no pass "${text}"`, { help });
}

interface CompileFlags extends CommonFlags, StageFlags {
  readonly lanes: number;
  readonly width?: number | undefined;
  readonly printAfter?: readonly PassName[] | undefined;
  readonly verifyEach?: boolean | undefined;
}

/** The `embed compile` command. */
export const embedCompile: Command<Invocation> = buildCommand<CompileFlags, [string], Invocation>({
  docs: {
    brief: "Compile the embedding operations of a model to decoupled programs",
    customUsage: [
      "MODEL [--emit scf|slc|slcv|dlc|tmu|c|wat] [--opt 0..3] [--print-after PASS]... [--verify-each] [--json]",
      "MODEL [--scf-to-slc] [--optimize] [--slc-to-dlc]",
    ],
    fullDescription: describe(
      "Finds the embedding operations of a model, or takes a loop nest, and prints each as loops over memories (scf), streams\nand callbacks (slc), vectors of them (slcv), units and queues (dlc), or the configuration of a marshaling unit with 4\nlayers of 8 lanes (tmu), in the generic form of MLIR, which is read back; or as the kernel that runs here, in C or as\nWebAssembly (c, wat). Programs of the published compiler (.mlir, its SCF, SLC, SLCV and DLC) are read too, and its stages\nare flags: --scf-to-slc, --optimize (all of opt 3), --slc-to-dlc.\nPasses: decouple, store-streams, vectorize, bufferize, align-queues, lower-to-dlc, lower-to-tmu.",
      [
        "millrace embed compile examples/models/embedding-bag.pt2 --emit dlc --opt 3",
        "millrace embed compile examples/models/embedding-bag.pt2 --emit c",
        "millrace embed compile examples/models/embedding-bag.pt2 --emit slcv --opt 1 --print-after decouple --verify-each",
      ],
    ),
  },
  parameters: {
    flags: {
      emit: {
        kind: "enum",
        values: [...emitted],
        brief: "What to print; dlc unless given",
        optional: true,
      },
      opt: { ...optFlag, brief: `${optFlag.brief}; 3 unless given`, default: undefined, optional: true },
      scfToSlc: { kind: "boolean", brief: "Decouple a loop nest", optional: true, withNegated: false },
      optimize: { kind: "boolean", brief: "Vectors, buffers, aligned queues", optional: true, withNegated: false },
      slcToDlc: { kind: "boolean", brief: "Lower to units and queues", optional: true, withNegated: false },
      lanes: {
        kind: "parsed",
        parse: integerFrom(2, 16),
        brief: "Elements of a vector",
        placeholder: "V",
        default: "8",
      },
      width: {
        kind: "parsed",
        parse: integerFrom(1, 65536),
        brief: "Elements of a row, for kernels of loop nests",
        placeholder: "N",
        optional: true,
      },
      printAfter: {
        kind: "parsed",
        parse: parsePass,
        brief: "Print what this pass gives, on stderr",
        placeholder: "PASS",
        variadic: true,
        optional: true,
      },
      verifyEach: { kind: "boolean", brief: "Verify after every pass", optional: true, withNegated: false },
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [modelArgument] },
  },
  func: presenting<CompileFlags, [string]>("embed-compile", async (flags, place, file) => {
    const { lanes } = flags;
    const stages = stagesOf(flags);
    const { emit, opt } = stages;
    const programs = await loadPrograms(place.host.folder, file);
    const ran = new Set<PassName>();
    const operations = programs.map((each) => {
      const { name, result, program } = each;
      const texts = new PassTexts();
      if (place.kept !== undefined) texts.add("program", printProgram(program), true);
      const compiled = compileStages(program, stages, {
        level: opt,
        lanes,
        verifyEach: flags.verifyEach === true,
        ...(emit === "tmu" ? { tmu: publishedTmu } : {}),
        after: (pass, now) => {
          ran.add(pass);
          if (place.kept !== undefined) texts.add(pass, printProgram(now));
          if (flags.printAfter?.includes(pass)) place.note(`// ${name} ${result}: after ${pass}\n${printProgram(now)}`);
        },
      });
      const text =
        emit === "c" || emit === "wat"
          ? kernelText(each, emit, flags.width)
          : printProgram(compiled[emit] ?? compiled.dlc);
      const id = programs.length === 1 ? "passes" : `passes/${result || name}`;
      place.kept?.view("passes", `Passes over ${name}${result && `: ${result}`}`, texts.view(), { id });
      return { name, result, text };
    });
    for (const pass of flags.printAfter ?? [])
      if (!ran.has(pass)) place.note(`note: ${pass} does not run for --emit ${emit} --opt ${opt}`);
    return {
      json: () => ({ model: file, emit, opt, operations }),
      text: () =>
        operations.map(({ name, result, text }) => `// ${name}${result && `: ${result}`}\n${text}\n`).join("\n"),
    };
  }),
});
