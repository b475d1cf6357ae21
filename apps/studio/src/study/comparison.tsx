import { exactLabel } from "../chart/number-label.ts";
import type { StudyView } from "../view/study.ts";
import { comparedStudy, reachedBy } from "./compare-studies.ts";

/** Two studies of one objective: how soon each was how good, and their best configurations. */
export function Comparison({ studies }: { readonly studies: readonly [StudyView, StudyView] }) {
  const compared = studies.map(comparedStudy);
  const { name, goal } = studies[0].objectives[0]!;
  const sameGoal = studies[1].objectives[0]!.name === name && studies[1].objectives[0]!.goal === goal;
  const parameters = [...new Set(compared.flatMap(({ config }) => Object.keys(config)))];
  return (
    <section>
      <h3>Side by side</h3>
      {!sameGoal && (
        <p class="soft">
          The studies have different objectives ({name} and {studies[1].objectives[0]!.name}): their values are not
          compared.
        </p>
      )}
      <div class="scroll-sideways">
        <table class="plain">
          <thead>
            <tr>
              <th />
              {compared.map((each, at) => (
                <th key={at}>
                  <i class={`dot dot-${at}`} /> {each.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th>evaluations</th>
              {compared.map(({ evaluations, feasible }, at) => (
                <td key={at}>
                  {exactLabel(evaluations)}, {exactLabel(feasible)} with a value
                </td>
              ))}
            </tr>
            {sameGoal &&
              reachedBy(compared, goal).map(({ value, after }) => (
                <tr key={value}>
                  <th>
                    {name} {exactLabel(value)} after
                  </th>
                  {after.map((count, at) => (
                    <td key={at}>{count === undefined ? "not reached" : `${exactLabel(count)} evaluations`}</td>
                  ))}
                </tr>
              ))}
            {parameters.map((parameter) => (
              <tr
                key={parameter}
                class={new Set(compared.map(({ config }) => config[parameter])).size > 1 ? "differs" : ""}
              >
                <th>best {parameter}</th>
                {compared.map(({ config }, at) => (
                  <td key={at}>{config[parameter] ?? "-"}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
