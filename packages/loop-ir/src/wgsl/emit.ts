import { IndentedPrinter } from "@millrace/ir-text";
import type { GpuOptions, GpuSource } from "../cuda/emit.ts";
import { LoopError } from "../errors.ts";
import type { FaultReason, Nest } from "../nest/nest.ts";
import { someType } from "../nest/some-type.ts";
import { isNarrow } from "../nest/types.ts";
import { guardAccesses } from "../simplify/guard.ts";
import { WgslWriter } from "./writer.ts";

/**
 * A nest as a compute shader in WGSL: one invocation per unit, workgroups of 64. Bindings of group 0: a uniform struct with
 * `units` and the scalars, then the buffers in order, then `status` (see {@link GpuSource}). WGSL has 32-bit numbers
 * only (see `narrowNest`), and its implementations may contract and reorder floating-point operations.
 *
 * @throws {LoopError} `unsupported` for a nest with 64-bit numbers, vectors, or buffers of bytes or halves.
 */
export function emitWgsl(nest: Nest, options: GpuOptions = {}): GpuSource {
  refuseWide(nest);
  const guarded = guardAccesses(nest, { bounds: options.checked ?? true });
  const faults: FaultReason[] = [];
  const printer = new IndentedPrinter();
  const writer = new WgslWriter(guarded, printer, faults);
  printer.block("struct Scalars {", "}", () => {
    printer.line("units: i32,");
    for (const [scalar, { type }] of guarded.scalars.entries()) {
      printer.line(`${writer.scalar(scalar)}: ${type === "bool" ? "u32" : type},`);
    }
  });
  printer.line("@group(0) @binding(0) var<uniform> scalars: Scalars;");
  guarded.buffers.forEach(({ element, access }, buffer) => {
    const mode = access === "read" ? "read" : "read_write";
    const binding = `@group(0) @binding(${buffer + 1})`;
    printer.line(`${binding} var<storage, ${mode}> ${writer.buffer(buffer)}: array<${element}>;`);
  });
  const last = `@group(0) @binding(${guarded.buffers.length + 1})`;
  printer.line(`${last} var<storage, read_write> status: array<atomic<i32>, 2>;`).line();
  printer.block("fn run_unit(unit: i32, units: i32, worker: i32) -> i32 {", "}", () => {
    writer.locals();
    writer.block(guarded.body);
    printer.line("return 0;");
  });
  printer.line().line("@compute @workgroup_size(64)");
  printer.block(`fn ${nest.name}(@builtin(global_invocation_id) id: vec3<u32>) {`, "}", () => {
    printer.line("let unit = i32(id.x);");
    printer.line("if (unit >= scalars.units) { return; }");
    printer.line("let reason = run_unit(unit, scalars.units, unit);");
    printer.line("if (reason != 0 && atomicMax(&status[0], reason) == 0) { atomicStore(&status[1], unit); }");
  });
  return { text: printer.toString(), faults };
}

function refuseWide(nest: Nest): void {
  const bytes = nest.buffers.find(({ element }) => isNarrow(element) || element === "bool");
  if (bytes !== undefined) {
    throw new LoopError(
      "unsupported",
      `nest ${nest.name}: WGSL has no buffers of bytes or halves such as ${bytes.name}`,
    );
  }
  if (someType(nest, (type) => type === "f64" || type === "i64" || typeof type === "object")) {
    throw new LoopError(
      "unsupported",
      `nest ${nest.name}: WGSL has neither 64-bit numbers nor these vectors; narrow the nest`,
    );
  }
}
