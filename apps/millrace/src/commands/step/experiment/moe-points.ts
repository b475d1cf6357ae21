/** The designs of the experiments on mixtures of experts. */
import { createHash } from "node:crypto";
import { type Model, moeExperiment, type Tiling } from "@millrace/step-ir";
import type { Point } from "../../../step/experiment/point.ts";
import type { JsonValue } from "../../../terminal/json.ts";
import type { ChosenMachine } from "../machine-flags.ts";
import { type ExperimentFlags, machineKey, tilingName } from "./experiment-flags.ts";

/** What all designs of a run share. */
export interface MoeSetting {
  readonly name: "moe" | "timemux";
  readonly flags: ExperimentFlags & { readonly tileInner?: number | undefined };
  readonly machine: ChosenMachine;
  readonly model: Model;
  readonly routing: readonly (readonly number[])[];
}

/** One design: a tiling, and regions if experts share pipelines. */
export function moePoint(setting: MoeSetting, tiling: Tiling, regions: number | undefined, label: string): Point {
  const { name, flags, machine, model, routing } = setting;
  const { settings, computeBandwidth, tileInner } = flags;
  return {
    label,
    candidate: name === "moe" ? tiling.kind === "dynamic" : regions !== undefined && regions < model.experts,
    key: {
      experiment: name,
      model: model.name,
      batch: routing.length,
      tiling: tilingName(tiling),
      regions: regions ?? null,
      tileInner: tileInner ?? null,
      ...machineKey(flags),
      trace: digest(routing),
    },
    run: () =>
      moeExperiment({
        model,
        routing,
        tiling,
        settings,
        ...machine,
        ...(regions === undefined ? {} : { regions }),
        ...(tileInner === undefined ? {} : { tileInner }),
        ...(computeBandwidth === undefined ? {} : { bandwidth: computeBandwidth }),
      }),
  };
}

/** A short name for the contents of a trace. */
export function digest(trace: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(trace)).digest("hex").slice(0, 16);
}
