/** Units of work: over the matrix that they divide, and how much each has. */
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { UnitsView } from "../view/units.ts";
import { balanceOf } from "./balance.ts";
import { MatrixMap } from "./matrix-map.tsx";
import { WorkBars } from "./work-bars.tsx";
import "../chart/chart.css";
import "./partition.css";

/** The panel of views of the kind `units`. */
export function UnitsPanel({ document: view }: PanelProps<UnitsView>) {
  const { work, bound, owners, owned } = view;
  const [text, setText] = useRemembered("select", "");
  const chosen = /^\d{1,9}$/.test(text) && Number(text) < work.length ? Number(text) : undefined;
  const choose = (unit: number) => setText(unit === chosen ? "" : String(unit));
  const step = (by: number) => () => {
    if (work.length > 0) setText(String(((chosen ?? (by > 0 ? -1 : 0)) + by + work.length) % work.length));
  };
  useKeys("Units", [
    { key: "ArrowRight", does: "next unit", run: step(1) },
    { key: "ArrowLeft", does: "unit before", run: step(-1) },
    { key: "Escape", does: "all units", run: () => setText("") },
  ]);
  const { units, work: whole, mean, most, idle } = balanceOf(work);
  return (
    <div class="charts units">
      <section>
        <h3>Units over the matrix</h3>
        <MatrixMap {...{ view, chosen, choose }} />
      </section>
      <section>
        <h3>Work of each unit</h3>
        <WorkBars {...{ work, bound, chosen, choose }} />
        <ul class="legend">
          <li>
            <i class="bound-key" />
            bound {exactLabel(bound)}
          </li>
          <li>
            <i class="mean-key" />
            mean {exactLabel(Number(mean.toFixed(1)))}
          </li>
        </ul>
        <dl class="facts">
          <dt>work</dt>
          <dd>
            {exactLabel(whole)} in {exactLabel(units)} units
          </dd>
          <dt>largest</dt>
          <dd>
            {exactLabel(most)}, {mean === 0 ? "1.000" : (most / mean).toFixed(3)} of the mean
          </dd>
          <dt>idle</dt>
          <dd>{exactLabel(idle)} units</dd>
          {chosen !== undefined && (
            <>
              <dt>unit {chosen}</dt>
              <dd aria-live="polite">
                {exactLabel(work[chosen]!)} work,{" "}
                {exactLabel(owned.reduce((sum, count, at) => sum + (owners[at] === chosen ? count : 0), 0))} entries in
                the cells it owns
              </dd>
            </>
          )}
        </dl>
      </section>
    </div>
  );
}
