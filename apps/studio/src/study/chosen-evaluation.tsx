import { exactLabel } from "../chart/number-label.ts";
import type { StudyView } from "../view/study.ts";
import { valueText } from "./compare-studies.ts";

/** One evaluation in full. */
export function ChosenEvaluation({ study, at }: { readonly study: StudyView; readonly at: number }) {
  const { parameters, objectives, outcomes, evaluations } = study;
  return (
    <section class="chosen-evaluation" aria-live="polite">
      <h3>
        Evaluation {at + 1}: {outcomes[evaluations.outcome[at]!]}
      </h3>
      <dl class="facts">
        {objectives.map(({ name, goal }, o) => (
          <Fact key={name} name={`${name} (${goal})`} value={shown(evaluations.values[o]![at]!)} />
        ))}
        {parameters.map(({ name }, p) => (
          <Fact key={name} name={name} value={valueText(study, p, at)} />
        ))}
      </dl>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function shown(value: number | null): string {
  return value === null ? "none" : exactLabel(value);
}
