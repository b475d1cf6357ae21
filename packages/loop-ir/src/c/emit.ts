import { IndentedPrinter } from "@millrace/ir-text";
import type { FaultReason, Nest } from "../nest/nest.ts";
import { setLocals } from "../nest/walk.ts";
import { guardAccesses } from "../simplify/guard.ts";
import { simplify, tidy } from "../simplify/simplify.ts";
import { CExpressions } from "./expressions.ts";
import { elementC, valueC } from "./names.ts";
import { moduleText } from "./napi.ts";
import { type CWriting, writeBlock } from "./statements.ts";
import { SupportFunctions } from "./support-functions.ts";

/** How nests are made into C. */
export interface COptions {
  /**
   * Whether each access is checked unless it can be shown to stay inside its buffer. True unless given; without checks a
   * wrong index reads or writes memory of the process.
   */
  readonly checked?: boolean;
  /** Whether sums of floats may be added up in another order, and products and sums be rounded once. False unless given. */
  readonly fast?: boolean;
}

/** One translation unit, and why the kernels in it may end early. */
export interface CSource {
  readonly text: string;
  /** For each nest: 0 means that all went well, `n` the reason at `n - 1`. */
  readonly faults: readonly (readonly FaultReason[])[];
}

/** Nests as one translation unit in C, for GCC or Clang: a function for each unit of work, and a Node module around them. */
export function emitC(nests: readonly Nest[], options: COptions = {}): CSource {
  const support = new SupportFunctions();
  const kernels = nests.map((nest, place) => kernelText(nest, { place, support, options }));
  const text = [
    "#include <stdint.h>\n#include <stdbool.h>\n#include <stddef.h>\n",
    support.text(),
    ...kernels.map((kernel) => kernel.text),
    moduleText(nests),
  ].join("\n");
  return { text, faults: kernels.map(({ faults }) => faults) };
}

interface KernelPlace {
  readonly place: number;
  readonly support: SupportFunctions;
  readonly options: COptions;
}

function kernelText(nest: Nest, { place, support, options }: KernelPlace): { text: string; faults: FaultReason[] } {
  const plain = options.fast === true ? simplify(nest, { reassociate: true }) : tidy(nest);
  const guarded = guardAccesses(plain, { bounds: options.checked ?? true });
  const printer = new IndentedPrinter();
  const expressions = new CExpressions(guarded, support);
  const sites: FaultReason[] = [];
  const prefetch: CWriting["prefetch"] = (address, level) => `__builtin_prefetch(${address}, 0, ${level && 4 - level})`;
  const parameters = ["int32_t unit", "int32_t units", "int32_t worker", ...parameterList(guarded, expressions)];
  printer.block(`static int32_t unit_${place}(${parameters.join(", ")}) {`, "}", () => {
    for (const line of localLines(guarded, expressions, support)) printer.line(line);
    writeBlock({ printer, expressions, sites, prefetch }, guarded.body);
    printer.line("return 0;");
  });
  return { text: `/* ${nest.name} */\n${printer}`, faults: sites };
}

/** The parameters for buffers and scalars: pointer and length of each buffer, then the scalars. */
export function parameterList(nest: Nest, { names }: CExpressions): string[] {
  return [
    ...nest.buffers.flatMap(({ element, access }, buffer) => [
      `${access === "read" ? "const " : ""}${elementC[element]} *restrict ${names.buffer(buffer)}`,
      `int64_t ${names.length(buffer)}`,
    ]),
    ...nest.scalars.map(({ type }, scalar) => `${valueC(type)} ${names.scalar(scalar)}`),
  ];
}

/** Declarations of the locals that are set somewhere; loop variables are declared by their loops. */
export function localLines(nest: Nest, { names }: CExpressions, support: SupportFunctions): string[] {
  const set = setLocals(nest);
  return nest.locals.flatMap(({ type }, local) => {
    return set.has(local) ? [`${support.type(type)} ${names.local(local)};`] : [];
  });
}
