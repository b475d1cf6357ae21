/** `millrace embed compile`: the programs of a model at one level. */
import { compile, type Level, type OptimizationLevel, type PassName, printProgram } from "@millrace/ember-dae";
import { nearest } from "@millrace/ir-text";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { loadPrograms } from "../../embed/load-programs.ts";
import { MillraceError } from "../../errors.ts";
import { modelArgument, optFlag } from "./embed-flags.ts";

const passNames = ["decouple", "store-streams", "vectorize", "bufferize", "align-queues", "lower-to-dlc"] as const;

function parsePass(text: string): PassName {
  const found = passNames.find((name) => name === text);
  if (found !== undefined) return found;
  const close = nearest(text, passNames);
  const help = close === undefined ? `passes are ${passNames.join(", ")}` : `did you mean ${close}?`;
  throw new MillraceError("argument", `there is no pass "${text}"`, { help });
}

interface CompileFlags extends CommonFlags {
  readonly emit: Level;
  readonly opt: OptimizationLevel;
  readonly lanes: number;
  readonly printAfter?: readonly PassName[] | undefined;
  readonly verifyEach?: boolean | undefined;
}

/** The `embed compile` command. */
export const embedCompile: Command<Invocation> = buildCommand<CompileFlags, [string], Invocation>({
  docs: {
    brief: "Compile the embedding operations of a model to decoupled programs",
    customUsage: ["MODEL [--emit scf|slc|slcv|dlc] [--opt 0..3] [--print-after PASS]... [--verify-each] [--json]"],
    fullDescription: describe(
      "Finds the embedding operations of a model, or takes a loop nest, and prints each as loops over memories (scf), streams\nand callbacks (slc), vectors of them (slcv), or units and queues (dlc), in the generic form of MLIR, which is read back.\nPasses: decouple, store-streams, vectorize, bufferize, align-queues, lower-to-dlc.",
      [
        "millrace embed compile examples/models/embedding-bag.pt2 --emit dlc --opt 3",
        "millrace embed compile examples/models/embedding-bag.pt2 --emit slcv --opt 1 --print-after decouple --verify-each",
      ],
    ),
  },
  parameters: {
    flags: {
      emit: {
        kind: "enum",
        values: ["scf", "slc", "slcv", "dlc"],
        brief: "What to print",
        default: "dlc",
      },
      opt: optFlag,
      lanes: {
        kind: "parsed",
        parse: integerFrom(2, 16),
        brief: "Elements of a vector",
        placeholder: "V",
        default: "8",
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
    const { emit, opt, lanes } = flags;
    const programs = await loadPrograms(place.host.folder, file);
    const operations = programs.map(({ name, result, program }) => {
      const compiled = compile(program, {
        level: opt,
        lanes,
        verifyEach: flags.verifyEach === true,
        after: (pass, now) => {
          if (flags.printAfter?.includes(pass)) place.note(`// ${name} ${result}: after ${pass}\n${printProgram(now)}`);
        },
      });
      return { name, result, text: printProgram(compiled[emit]) };
    });
    return {
      json: () => ({ model: file, emit, opt, operations }),
      text: () =>
        operations.map(({ name, result, text }) => `// ${name}${result && `: ${result}`}\n${text}\n`).join("\n"),
    };
  }),
});
