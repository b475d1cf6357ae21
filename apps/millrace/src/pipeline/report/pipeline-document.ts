/** A finished pipeline as one JSON document, and as a table. */
import type { JsonValue } from "../../terminal/json.ts";
import { formatCount } from "../../terminal/quantity.ts";
import { renderTable } from "../../terminal/table.ts";
import type { Pipeline } from "../pipeline.ts";
import type { FinishedStage } from "../run/run-pipeline.ts";
import type { StageCheck, StageMeasurement } from "../stage-result.ts";

/** The document: figures of this machine's time are under `measured`, all else is the same wherever and whenever it runs. */
export function pipelineToJson(
  { name, title }: Pipeline,
  finished: readonly FinishedStage[],
): Record<string, JsonValue> {
  const measured = finished.filter((each) => each.measured || each.result.measured !== undefined);
  return {
    pipeline: name,
    title,
    stages: finished.filter((each) => !each.measured).map(stageToJson),
    measured: measured.map(({ stage, result, measured: whole }) => ({
      ...(whole ? stageToJson({ stage, result }) : { name: stage.name }),
      ...(result.measured !== undefined && { gave: result.measured.gave, figures: result.measured.figures }),
    })) as unknown as JsonValue,
  };
}

function stageToJson({ stage, result }: Pick<FinishedStage, "stage" | "result">): Record<string, JsonValue> {
  const { check } = result;
  return {
    name: stage.name,
    kind: stage.kind.name,
    from: { ...stage.from },
    gave: result.gave,
    check: typeof check === "string" ? { unchecked: check } : { ...check },
    output: result.output,
  };
}

/** What was compared with what, in a few words. */
export function checkToText(check: StageCheck | string): string {
  if (typeof check === "string") return check;
  const { compared, differing, unit, against } = check;
  if (differing > 0) return `${formatCount(differing)} of ${formatCount(compared)} ${unit} DIFFER from ${against}`;
  return `${formatCount(compared)} ${unit} agree with ${against}`;
}

/** Whether a check failed. */
export function failed({ check }: FinishedStage["result"]): boolean {
  return typeof check !== "string" && check.differing > 0;
}

/** All that a stage gave, its measured part behind the rest. */
export function gaveToText({
  gave,
  measured,
}: {
  readonly gave: string;
  readonly measured?: StageMeasurement;
}): string {
  return measured === undefined ? gave : `${gave}; ${measured.gave}`;
}

/** One row for each stage. */
export function pipelineToText(finished: readonly FinishedStage[]): string {
  const columns = ["stage", "gave", "checked", "now"].map((heading) => ({ heading, align: "left" }) as const);
  const rows = finished.map(({ stage, result, cached }) => [
    stage.name,
    gaveToText(result),
    checkToText(result.check),
    cached ? "cached" : "ran",
  ]);
  return renderTable(columns, rows);
}
