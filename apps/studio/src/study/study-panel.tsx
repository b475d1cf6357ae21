/** A study: history, parallel coordinates, what matters, all evaluations; and another study beside it. */
import { useMemo } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { parseJson } from "../read/checked.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import { useSibling, useSiblings } from "../shell/siblings.ts";
import { readStudyView, type StudyView } from "../view/study.ts";
import { ChosenEvaluation } from "./chosen-evaluation.tsx";
import { Comparison } from "./comparison.tsx";
import { brushed, coordinateAxes } from "./coordinates.ts";
import { EvaluationsTable } from "./evaluations-table.tsx";
import { HistoryChart } from "./history-chart.tsx";
import { Importance } from "./importance.tsx";
import { ParallelChart } from "./parallel-chart.tsx";
import { bestSoFar, qualityOf, valuesOf } from "./quality.ts";
import { parseBrushes, parseIndex, printBrushes } from "./study-state.ts";
import { StudyTools } from "./study-tools.tsx";
import "../chart/chart.css";
import "./study.css";

/** The panel of views of the kind `study`. */
export function StudyPanel({ document: study }: PanelProps<StudyView>) {
  const count = study.evaluations.outcome.length;
  const [brushText, setBrushText] = useRemembered("brush", "");
  const [chosenText, setChosen] = useRemembered("select", "");
  const [objectiveText, setObjective] = useRemembered("objective", "0");
  const [scale, setScale] = useRemembered("scale", "linear");
  const [failed, setFailed] = useRemembered("failed", "shown");
  const [otherKey, setOther] = useRemembered("with", "");
  const siblings = useSiblings();
  const other = useSibling(
    siblings.find(({ key }) => key === otherKey),
    (bytes, of) => readStudyView(parseJson(bytes, of)),
  );
  const objective = parseIndex(objectiveText, study.objectives.length) ?? 0;
  const brushes = useMemo(() => parseBrushes(brushText), [brushText]);
  const chosen = parseIndex(chosenText, count);
  const quality = useMemo(() => qualityOf(study, objective), [study, objective]);
  const axes = useMemo(() => coordinateAxes(study, quality), [study, quality]);
  const shown = useMemo(() => shownOf(study, failed === "shown"), [study, failed]);
  const inside = useMemo(
    () => brushed(axes, brushes, count).map((one, at) => one & shown[at]!),
    [axes, brushText, shown],
  );
  const rows = useMemo(() => [...quality.order].reverse().filter((at) => inside[at] === 1), [quality, inside]);
  const values = useMemo(() => valuesOf(study, 0), [study]);
  const best = useMemo(() => bestSoFar(values, study.objectives[0]!.goal), [values]);
  const otherStudy = other?.state === "here" ? other.value : undefined;
  const otherBest = useMemo(
    () =>
      otherStudy && { name: otherStudy.name, best: bestSoFar(valuesOf(otherStudy, 0), otherStudy.objectives[0]!.goal) },
    [otherStudy],
  );
  const choose = (at: number) => setChosen(String(at));
  const step = (by: number) => () => {
    const at = chosen === undefined ? (by > 0 ? -1 : rows.length) : rows.indexOf(chosen);
    const next = rows[at + by];
    if (next !== undefined) choose(next);
  };
  useKeys("Study", [
    { key: "b", does: "choose the best evaluation", run: () => quality.best !== undefined && choose(quality.best) },
    { key: "ArrowDown", does: "next worse evaluation", run: step(1) },
    { key: "ArrowUp", does: "next better evaluation", run: step(-1) },
    {
      key: "f",
      does: "show or hide evaluations without a value",
      run: () => setFailed(failed === "shown" ? "hidden" : "shown"),
    },
    { key: "l", does: "linear or logarithmic history", run: () => setScale(scale === "log" ? "linear" : "log") },
    { key: "Escape", does: "take all brushes away", run: () => setBrushText("") },
  ]);
  return (
    <div class="charts study">
      <StudyTools
        {...{ study, objective, scale, failed, siblings, otherKey, setObjective, setScale, setFailed, setOther }}
      />
      {other?.state === "failed" && <p class="notice fault">{other.reason}</p>}
      <div class="study-top">
        <section>
          <h3>History</h3>
          <HistoryChart
            {...{ study, values, best, inside, chosen, choose, other: otherBest }}
            logarithmic={scale === "log"}
          />
          <Legend study={study} other={otherStudy?.name} />
        </section>
        <Importance study={study} objective={study.objectives[objective]!.name} other={otherStudy} />
      </div>
      {otherStudy !== undefined && <Comparison studies={[study, otherStudy]} />}
      <section>
        <h3>
          Configurations <small>drag along an axis to ask for a stretch of it</small>
        </h3>
        <ParallelChart
          {...{ axes, quality, shown, brushes, chosen, choose }}
          setBrushes={(next) => setBrushText(printBrushes(next))}
        />
      </section>
      {chosen !== undefined && <ChosenEvaluation study={study} at={chosen} />}
      <section>
        <h3>
          {rows.length === count ? "All" : `${exactLabel(rows.length)} of`} {exactLabel(count)} evaluations, best first
        </h3>
        <EvaluationsTable {...{ study, rows, chosen, choose }} />
      </section>
    </div>
  );
}

function shownOf({ evaluations }: StudyView, withFailed: boolean): Uint8Array {
  return Uint8Array.from(evaluations.outcome, (end) => (withFailed || end === 0 ? 1 : 0));
}

function Legend({ study, other }: { readonly study: StudyView; readonly other: string | undefined }) {
  const ends = study.outcomes.slice(1).flatMap((name, at) => {
    const count = study.evaluations.outcome.filter((end) => end === at + 1).length;
    return count === 0 ? [] : [{ name, count }];
  });
  return (
    <ul class="legend">
      <li>
        <i style={{ background: "var(--accent)" }} />
        value
      </li>
      <li>
        <i style={{ background: "var(--blocked)", height: "3px" }} />
        best so far
      </li>
      {study.optimum !== undefined && <li>dashed: the best there is</li>}
      {other !== undefined && (
        <li>
          <i style={{ background: "var(--series-2)", height: "3px" }} />
          best so far of {other}
        </li>
      )}
      {ends.map(({ name, count }) => (
        <li key={name}>
          <i style={{ background: name === "infeasible" ? "var(--starved)" : "var(--blocked)" }} />
          {exactLabel(count)} {name}
        </li>
      ))}
    </ul>
  );
}
