/** What `--out` keeps for the studio of simulations and of compilations. */
import { plainGraph } from "@millrace/fuseflow-sparse";
import type { PassesView, PassStage } from "@millrace/studio";
import type { RunFolder } from "../files/run-folder.ts";
import { countersOf } from "./run-counters.ts";
import type { GraphRun } from "./run-graph.ts";

/** Keeps the graph of a simulation and its counters. */
export function keepRunViews(kept: RunFolder, run: GraphRun): void {
  const { graph, report } = run;
  kept.view("graph", graph.name, plainGraph(graph, report));
  kept.view("counters", "Counters", countersOf(report));
}

/** Collects the texts that passes leave behind; a pass that leaves the text before it changed nothing. */
export class PassTexts {
  readonly #stages: PassStage[] = [];

  /** `fresh` begins a new sequence, and always counts as a change. */
  add(name: string, text: string, fresh = false): void {
    const changed = fresh || this.#stages.at(-1)?.text !== text;
    this.#stages.push({ name, changed, text });
  }

  /** The stages, by the names that `named` gives them. */
  view(named: (name: string) => string = (name) => name): PassesView {
    return { stages: this.#stages.map((stage) => ({ ...stage, name: named(stage.name) })) };
  }
}
