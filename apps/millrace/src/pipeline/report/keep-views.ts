/** What a pipeline leaves for the studio: its stages as a graph, then the views and tables of each. */
import type { ViewKind } from "@millrace/studio";
import type { RunFolder } from "../../files/run-folder.ts";
import type { Pipeline } from "../pipeline.ts";
import type { FinishedStage } from "../run/run-pipeline.ts";
import type { StageTable, StageView } from "../stage-result.ts";
import { checkToText } from "./pipeline-document.ts";

/** Keeps the views; those that depend on times of this machine are called `measured/STAGE/...`. */
export function keepViews({ stages, title }: Pipeline, finished: readonly FinishedStage[], folder: RunFolder): void {
  folder.view(
    "graph",
    title,
    {
      nodes: stages.map(({ name, kind }) => ({ id: name, label: name, kind: kind.name })),
      edges: stages.flatMap(({ name, from }) =>
        Object.entries(from).map(([label, source]) => ({ from: source, to: name, label })),
      ),
    },
    { id: "pipeline" },
  );
  const columns = ["stage", "kind", "gave", "checked"].map((name) => ({ name }));
  const rows = finished
    .filter(({ measured }) => !measured)
    .map(({ stage, result }) => [stage.name, stage.kind.name, result.gave, checkToText(result.check)]);
  folder.view("table", "Stages", { columns, rows }, { id: "stages" });
  for (const { stage, result, measured } of finished) {
    const under = measured ? `measured/${stage.name}` : stage.name;
    for (const view of result.views ?? []) keepView(folder, `${under}/${view.id}`, view);
    keepTables(folder, under, result.tables ?? []);
    keepTables(folder, `measured/${stage.name}`, result.measured?.tables ?? []);
  }
}

// A kind and its document belong together, which the compiler does not follow through a union.
function keepView(folder: RunFolder, id: string, { kind, title, document }: StageView): void {
  folder.view<ViewKind>(kind, title, document, { id });
}

function keepTables(folder: RunFolder, under: string, tables: readonly StageTable[]): void {
  for (const [at, { title, columns, rows }] of tables.entries()) {
    folder.view(
      "table",
      title,
      { columns: columns.map((name) => ({ name })), rows },
      { id: `${under}/table-${at + 1}` },
    );
  }
}
