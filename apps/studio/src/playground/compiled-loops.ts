/** The expression as loops in units of equal work: as text, as C, as WebAssembly that is run. */
import { emitC, emitWasm, Heap, printNest, printWat, simplify } from "@millrace/loop-ir";
import { compileKernel, explainStage, nestsOf, wasmEngine } from "@millrace/sparse-partitioner";
import type { CompiledLoops } from "./answer.ts";
import type { Setting } from "./compute.ts";
import { resultFormat } from "./operands.ts";
import { orderOf } from "./simulated-graph.ts";

/** More than the largest request needs, and little enough for a page. */
const heapBytes = 2 ** 28;

/** Compiles, runs and checks. @throws what the packages throw for what they cannot do */
export async function compiledLoops({ assignment, request, operands, check }: Setting): Promise<CompiledLoops> {
  const { units } = request;
  const order = orderOf(request.order);
  const format = resultFormat(assignment, request);
  const kernel = compileKernel(assignment, {
    operands: Object.fromEntries(operands.map(({ drawn, tensor }) => [drawn.name, tensor])),
    engine: wasmEngine({ heap: new Heap({ maximumBytes: heapBytes }) }),
    ...(order === undefined ? {} : { order }),
    ...(format === undefined ? {} : { resultFormat: format }),
  });
  const { result, stages, statistics } = await kernel.run({ units, statistics: true });
  const nests = stages.flatMap(({ runner }) => nestsOf(runner, units));
  const modules = nests.map((nest) => emitWasm(nest).bytes);
  return {
    order: stages.at(-1)!.runner.stage.order,
    plan: stages.map(({ runner, plan }) => explainStage(runner, plan)).join("\n"),
    loops: nests.map(printNest).join("\n"),
    c: emitC(nests.map((nest) => simplify(nest))).text,
    wat: modules.map(printWat).join("\n"),
    wasmBytes: modules.reduce((sum, bytes) => sum + bytes.length, 0),
    work: statistics!.work,
    bound: statistics!.bound,
    unitWork: statistics!.unitWork,
    checked: check(result),
  };
}
