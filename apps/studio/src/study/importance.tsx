import { RowBar } from "../chart/bars.tsx";
import { shareLabel } from "../chart/number-label.ts";
import type { StudyView } from "../view/study.ts";

/** Bars of how much each parameter matters to an objective; beside them, thinner, those of another study. */
export function Importance({
  study,
  objective,
  other,
}: {
  readonly study: StudyView;
  readonly objective: string;
  readonly other: StudyView | undefined;
}) {
  const own = sharesOf(study, objective);
  const others =
    other === undefined ? undefined : new Map(sharesOf(other, objective).map((one) => [one.parameter, one]));
  return (
    <section class="importance">
      <h3>What matters to {objective}</h3>
      {own.length === 0 && <p class="soft">Too few evaluations have a value to say (eight are needed).</p>}
      {own.map(({ parameter, share }) => (
        <div key={parameter}>
          <RowBar name={parameter} share={share} value={shareLabel(share)} />
          {others?.has(parameter) && (
            <RowBar
              name=""
              title={`${parameter} in ${other!.name}`}
              share={others.get(parameter)!.share}
              value={shareLabel(others.get(parameter)!.share)}
              color="var(--series-2)"
            />
          )}
        </div>
      ))}
      {own.length > 0 && (
        <p class="soft">
          Share of the variation that each parameter explains by itself, in a forest fitted to the evaluations with a
          value. Interaction is in none of them.
        </p>
      )}
    </section>
  );
}

function sharesOf({ importance = [] }: StudyView, objective: string) {
  return importance.find((one) => one.objective === objective)?.shares ?? [];
}
