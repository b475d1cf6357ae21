/** Recorded measurements as an objective. */
import type { MeasurementTable } from "@millrace/baco-tuner";
import type { Objective } from "./objective.ts";

/** Answers from a table; what a full table does not list is infeasible. */
export function tableObjective(table: MeasurementTable): Objective {
  return {
    environment: { table: table.name },
    async evaluate({ config }) {
      const row = table.rowFor(config);
      if (row < 0) return { ok: false, kind: "infeasible", detail: "the table does not list it" };
      const value = table.values[row]!;
      return Number.isNaN(value)
        ? { ok: false, kind: "infeasible", detail: "it failed when it was recorded" }
        : { ok: true, value };
    },
    close() {},
  };
}
