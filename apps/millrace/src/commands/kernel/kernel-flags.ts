/** Flags of `millrace kernel`. */
import type { Strategy } from "@millrace/sparse-partitioner";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingLike, type CommonFlags, commonFlags, integerFrom } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import type { TargetName } from "../../kernels/kernel-engine.ts";

/** What `--emit` prints instead of running. */
export type EmittedForm = "c" | "wat" | "cuda" | "wgsl" | "plan" | "loops";

/** The flags of the command. */
export type KernelFlags = CommonFlags & {
  readonly format?: readonly Binding[] | undefined;
  readonly input?: readonly Binding[] | undefined;
  readonly output?: Binding | undefined;
  readonly dims?: readonly Binding[] | undefined;
  readonly units: number;
  readonly workers?: number | undefined;
  readonly strategy: Strategy;
  readonly grain?: number | undefined;
  readonly visitWeight?: number | undefined;
  readonly target: TargetName;
  readonly fast?: boolean | undefined;
  readonly emit?: EmittedForm | undefined;
  readonly check?: boolean | undefined;
  readonly picture?: string | undefined;
};

/** Takes `A:ds:0,1`, as the tool of TACO does, or `A=ds:0,1`. */
function formatBinding(text: string): Binding {
  const [, name, value] = /^([A-Za-z_]\w*)[:=](.+)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  throw new MillraceError("argument", `must be NAME:FORMAT, not "${text}"`, { help: "for example A:ds:0,1 or A:CSR" });
}

/** Definitions of {@link KernelFlags}. */
export const kernelFlags: FlagParametersForType<KernelFlags, Invocation> = {
  format: {
    kind: "parsed",
    parse: formatBinding,
    brief: "How a tensor is stored: level letters (d, s, u, q) or CSR, COO",
    placeholder: "NAME:FORMAT",
    variadic: true,
    optional: true,
  },
  input: {
    kind: "parsed",
    parse: bindingLike("A=A.mtx"),
    brief: "Where a tensor is from: a file, a number, random:64x32:0.05",
    placeholder: "NAME=VALUE",
    variadic: true,
    optional: true,
  },
  output: {
    kind: "parsed",
    parse: bindingLike("y=y.tns"),
    brief: "Write the result to this file",
    placeholder: "NAME=FILE",
    optional: true,
  },
  dims: {
    kind: "parsed",
    parse: bindingLike("A=5x7"),
    brief: "Extents of a tensor whose file does not state them",
    placeholder: "NAME=5x7",
    variadic: true,
    optional: true,
  },
  units: { kind: "parsed", parse: integerFrom(1, 2 ** 22), brief: "Units of work", placeholder: "P", default: "1" },
  workers: {
    kind: "parsed",
    parse: integerFrom(1, 1024),
    brief: "Threads that run units; as many as processors unless given",
    placeholder: "N",
    optional: true,
  },
  strategy: {
    kind: "enum",
    values: ["balanced", "rows", "dynamic", "position"],
    brief: "How work is divided; all but balanced are for comparison",
    default: "balanced",
  },
  grain: {
    kind: "parsed",
    parse: integerFrom(1, 2 ** 31),
    brief: "Work per grain; with it the result is the same for any units",
    placeholder: "WORK",
    optional: true,
  },
  visitWeight: {
    kind: "parsed",
    parse: integerFrom(0, 1000),
    brief: "Work of visiting a row, whatever is in it; chosen unless given",
    placeholder: "WORK",
    optional: true,
  },
  target: {
    kind: "enum",
    values: ["wasm", "c", "interpreter"],
    brief: "What runs the loops; c becomes wasm where no compiler is",
    default: "wasm",
  },
  fast: {
    kind: "boolean",
    brief: "Let sums be reordered and fused with products",
    optional: true,
    withNegated: false,
  },
  emit: {
    kind: "enum",
    values: ["c", "wat", "cuda", "wgsl", "plan", "loops"],
    brief: "Print the code, the plan or the loops instead of running",
    optional: true,
  },
  check: { kind: "boolean", brief: "Compare with a reference evaluator", optional: true, withNegated: false },
  picture: {
    kind: "parsed",
    parse: String,
    brief: "Draw the units over the first matrix, as SVG",
    placeholder: "FILE.svg",
    optional: true,
  },
  ...commonFlags,
};
