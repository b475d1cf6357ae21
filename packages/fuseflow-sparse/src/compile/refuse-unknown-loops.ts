import { nearest } from "@millrace/ir-text";
import { FuseflowError } from "../errors.ts";
import { expandRegion } from "../fuse/expand.ts";
import type { EinsumProgram } from "../program/program.ts";
import type { RegionSchedule } from "../schedule/schedule.ts";

/**
 * Refuses orders and lanes that name what a region does not have: they would mean nothing.
 *
 * @throws {FuseflowError} `schedule-invalid`
 */
export function refuseUnknownLoops(schedule: RegionSchedule, program: EinsumProgram): void {
  const { name, tensors, order, orders = {}, parallel = [] } = schedule;
  if (order === undefined && Object.keys(orders).length === 0 && parallel.length === 0) return;
  const fail = (message: string): never => {
    throw new FuseflowError("schedule-invalid", `region ${name}: ${message}`);
  };
  for (const result of Object.keys(orders)) {
    if (!tensors.includes(result)) fail(`an order is given for ${result}, which it does not compute`);
  }
  const { variables } = expandRegion(program, schedule);
  const lanes = parallel.map(({ variable }) => [variable]);
  for (const asked of [...(order === undefined ? [] : [order]), ...Object.values(orders), ...lanes]) {
    const unknown = asked.find((variable) => !variables.includes(variable));
    const twice = asked.find((variable, at) => asked.indexOf(variable) !== at);
    const near = unknown === undefined ? undefined : nearest(unknown, variables);
    const help = near === undefined ? `its loops are ${variables.join(", ")}` : `did you mean ${near}?`;
    if (unknown !== undefined) fail(`it has no loop over ${unknown}; ${help}`);
    if (twice !== undefined) fail(`the order ${asked.join(", ")} has ${twice} twice`);
  }
}
