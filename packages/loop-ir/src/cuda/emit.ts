import { IndentedPrinter } from "@millrace/ir-text";
import { localLines, parameterList } from "../c/emit.ts";
import { CExpressions } from "../c/expressions.ts";
import { writeBlock } from "../c/statements.ts";
import { SupportFunctions } from "../c/support-functions.ts";
import { LoopError } from "../errors.ts";
import type { FaultReason, Nest } from "../nest/nest.ts";
import { someType } from "../nest/some-type.ts";
import { guardAccesses } from "../simplify/guard.ts";

/** How a nest is made into a GPU kernel. */
export interface GpuOptions {
  /** Whether each access is checked unless it can be shown to stay inside its buffer. True unless given. */
  readonly checked?: boolean;
}

/** A GPU kernel as text, and why a unit may end early. */
export interface GpuSource {
  readonly text: string;
  /** `status[0]` is 0, or 1 + the place here of why unit `status[1]` ended early. */
  readonly faults: readonly FaultReason[];
}

/** What C calls by names of GCC, in CUDA. */
const prelude = `// Compile with -fmad=false, so that products and sums are rounded one by one.
#include <cstdint>
#define restrict __restrict__
#define __builtin_fabs fabs
#define __builtin_fabsf fabsf
#define __builtin_sqrt sqrt
#define __builtin_sqrtf sqrtf
#define __builtin_floor floor
#define __builtin_floorf floorf
#define __builtin_ceil ceil
#define __builtin_ceilf ceilf
#define __builtin_trunc trunc
#define __builtin_truncf truncf
#define __builtin_rint rint
#define __builtin_rintf rintf
#define __builtin_popcount __popc
#define __builtin_popcountll __popcll
#define __builtin_ctz(a) (__ffs(a) - 1)
#define __builtin_ctzll(a) (__ffsll(a) - 1)
#define __builtin_signbit signbit
#define __builtin_nan(s) __longlong_as_double(0x7ff8000000000000LL)
#define __builtin_nanf(s) __int_as_float(0x7fc00000)
#define __builtin_inf() __longlong_as_double(0x7ff0000000000000LL)
#define __builtin_inff() __int_as_float(0x7f800000)
`;

/**
 * A nest as CUDA C++: a device function for one unit, a kernel in which each thread takes every so many-th unit, and a
 * function `launch_NAME` that starts it. `worker` is the number of the thread in the grid.
 *
 * @throws {LoopError} `unsupported` for a nest with vectors, which a thread of a GPU does not have.
 */
export function emitCuda(nest: Nest, options: GpuOptions = {}): GpuSource {
  if (someType(nest, (type) => typeof type === "object")) {
    throw new LoopError("unsupported", `nest ${nest.name} has vectors, which a thread of a GPU does not have`);
  }
  const guarded = guardAccesses(nest, { bounds: options.checked ?? true });
  const support = new SupportFunctions("static __device__ inline");
  const expressions = new CExpressions(guarded, support);
  const faults: FaultReason[] = [];
  const printer = new IndentedPrinter();
  const parameters = parameterList(guarded, expressions);
  const names = parameters.map((parameter) => parameter.slice(parameter.lastIndexOf(" ") + 1).replace("*", ""));
  const unit = ["int32_t unit", "int32_t units", "int32_t worker", ...parameters].join(", ");
  printer.block(`static __device__ int32_t unit_${nest.name}(${unit}) {`, "}", () => {
    for (const line of localLines(guarded, expressions, support)) printer.line(line);
    const prefetch = (address: string) => `asm volatile("prefetch.global.L2 [%0];" ::"l"(${address}))`;
    writeBlock({ printer, expressions, sites: faults, prefetch }, guarded.body);
    printer.line("return 0;");
  });
  const all = ["int32_t units", ...parameters, "int32_t *status"].join(", ");
  printer.line().block(`extern "C" __global__ void ${nest.name}(${all}) {`, "}", () => {
    printer.line("const int32_t worker = (int32_t)(blockIdx.x * blockDim.x + threadIdx.x);");
    printer.line("const int64_t threads = (int64_t)gridDim.x * blockDim.x;");
    printer.block("for (int64_t unit = worker; unit < units; unit += threads) {", "}", () => {
      printer.line(
        `const int32_t reason = unit_${nest.name}(${["(int32_t)unit", "units", "worker", ...names].join(", ")});`,
      );
      printer.line("if (reason != 0 && atomicCAS(status, 0, reason) == 0) status[1] = (int32_t)unit;");
    });
  });
  printer.line().block(`extern "C" void launch_${nest.name}(${all}, cudaStream_t stream) {`, "}", () => {
    printer.line("const int32_t blocks = units / 256 + (units % 256 != 0);");
    printer.line(
      `if (units > 0) ${nest.name}<<<blocks, 256, 0, stream>>>(${["units", ...names, "status"].join(", ")});`,
    );
  });
  return { text: [prelude, support.text(), printer.toString()].join("\n"), faults };
}
