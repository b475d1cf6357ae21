/** A Pareto explorer: designs on any two axes, goals to choose, a rectangle to ask for, groups to hide. */
import { useMemo } from "preact/hooks";
import { seriesNames } from "../chart/inks.ts";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { PointsView } from "../view/points.ts";
import { AxisTools } from "./axis-tools.tsx";
import { type AxisGoal, beatenBy, type Designs, designsOf, frontOf } from "./designs.ts";
import { DesignsTable } from "./designs-table.tsx";
import { parseAxis, parseGoals, parseHidden, printGoals, printHidden, startAxes } from "./points-state.ts";
import { isWithin, parseRegion, printRegion } from "./region.ts";
import { Scatter } from "./scatter.tsx";
import "../chart/chart.css";
import "../study/study.css";
import "./points.css";

/** The panel of views of the kind `points`. */
export function PointsPanel({ document: view }: PanelProps<PointsView>) {
  const { axes, points } = view;
  const start = startAxes(axes);
  const [xText, setX] = useRemembered("x", String(start[0]));
  const [yText, setY] = useRemembered("y", String(start[1]));
  const [xScale, setXScale] = useRemembered("xscale", "linear");
  const [yScale, setYScale] = useRemembered("yscale", "linear");
  const [goalText, setGoals] = useRemembered("goals", "");
  const [hiddenText, setHidden] = useRemembered("hide", "");
  const [regionText, setRegion] = useRemembered("region", "");
  const [chosenText, setChosen] = useRemembered("select", "");
  const [x, y] = [parseAxis(xText, axes.length) ?? start[0], parseAxis(yText, axes.length) ?? start[1]];
  const designs = useMemo(() => designsOf(view), [view]);
  const goals = useMemo(() => parseGoals(goalText, axes), [goalText, axes]);
  const hidden = useMemo(() => parseHidden(hiddenText), [hiddenText]);
  const region = parseRegion(regionText);
  const chosen = parseAxis(chosenText, points.length);
  const shown = useMemo(
    () => [...points.keys()].filter((at) => !hidden.has(designs.groups[designs.group[at]!]!)),
    [points, designs, hidden],
  );
  const front = useMemo(() => frontOf(designs, goals, shown), [designs, goals, shown]);
  const onFront = useMemo(() => new Set(front), [front]);
  const rows = useMemo(() => {
    const [across, up] = [designs.columns[x]!, designs.columns[y]!];
    const asked = region === undefined ? front : shown.filter((at) => isWithin(region, across[at]!, up[at]!));
    return [...asked].sort((a, b) => across[a]! - across[b]! || a - b);
  }, [designs, x, y, regionText, front, shown]);
  const choose = (at: number) => setChosen(String(at));
  const step = (by: number) => () => {
    const at = chosen === undefined ? (by > 0 ? -1 : rows.length) : rows.indexOf(chosen);
    const next = rows[at + by];
    if (next !== undefined) choose(next);
  };
  useKeys("Designs", [
    { key: "ArrowDown", does: "next design of the list", run: step(1) },
    { key: "ArrowUp", does: "design before in the list", run: step(-1) },
    { key: "x", does: "next axis across", run: () => setX(String((x + 1) % axes.length)) },
    { key: "y", does: "next axis upwards", run: () => setY(String((y + 1) % axes.length)) },
    { key: "Escape", does: "take the rectangle away", run: () => setRegion("") },
  ]);
  return (
    <div class="charts points">
      <AxisTools
        {...{ axes, x, y, goals, scales: [xScale, yScale] }}
        setX={(axis) => setX(String(axis))}
        setY={(axis) => setY(String(axis))}
        setGoal={(axis, goal) =>
          setGoals(
            printGoals(
              goals.map((each, at) => (at === axis ? goal : each)),
              axes,
            ),
          )
        }
        setScale={(at, scale) => (at === 0 ? setXScale : setYScale)(scale)}
      />
      <section>
        <Scatter
          {...{ designs, shown, front, region, chosen, choose }}
          axes={[axes[x]!, axes[y]!]}
          x={designs.columns[x]!}
          y={designs.columns[y]!}
          logarithmic={[xScale === "log", yScale === "log"]}
          ask={(next) => setRegion(next === undefined ? "" : printRegion(next))}
        />
        <Groups {...{ designs, hidden }} setHidden={(next) => setHidden(printHidden(next))} />
      </section>
      {chosen !== undefined && <ChosenDesign {...{ view, designs, goals, front, at: chosen }} />}
      <section>
        <h3>
          {region === undefined
            ? `The front: ${exactLabel(front.length)} of ${exactLabel(shown.length)} designs`
            : `${exactLabel(rows.length)} designs in the rectangle`}
          <small> drag over the picture for a rectangle</small>
        </h3>
        <DesignsTable {...{ view, rows, onFront, chosen, choose }} />
      </section>
    </div>
  );
}

interface GroupsProps {
  readonly designs: Designs;
  readonly hidden: ReadonlySet<string>;
  setHidden(hidden: ReadonlySet<string>): void;
}

/** The groups with their colours; a click hides or shows one. */
function Groups({ designs, hidden, setHidden }: GroupsProps) {
  if (designs.groups.length < 2) return null;
  return (
    <ul class="legend">
      {designs.groups.map((name, at) => (
        <li key={name}>
          <button
            type="button"
            aria-pressed={!hidden.has(name)}
            onClick={() =>
              setHidden(
                hidden.has(name) ? new Set([...hidden].filter((one) => one !== name)) : new Set([...hidden, name]),
              )
            }
          >
            <i style={{ background: `var(${seriesNames[at % seriesNames.length]})` }} />
            {name === "" ? "others" : name}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ChosenDesignProps {
  readonly view: PointsView;
  readonly designs: Designs;
  readonly goals: readonly AxisGoal[];
  readonly front: readonly number[];
  readonly at: number;
}

function ChosenDesign({ view, designs, goals, front, at }: ChosenDesignProps) {
  const { axes, points } = view;
  const { label, group, values } = points[at]!;
  const better = front.includes(at) ? undefined : beatenBy(designs, goals, { front, at });
  const standing = front.includes(at)
    ? "on the front"
    : better === undefined
      ? "not compared"
      : `${points[better]!.label} is nowhere worse`;
  return (
    <section aria-live="polite">
      <h3>{label}</h3>
      <dl class="facts">
        {group !== undefined && (
          <>
            <dt>group</dt>
            <dd>{group}</dd>
          </>
        )}
        {axes.map(({ name, unit }, axis) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{values[axis] === null ? "none" : `${exactLabel(values[axis]!)} ${unit}`}</dd>
          </>
        ))}
        <dt>standing</dt>
        <dd>{standing}</dd>
      </dl>
    </section>
  );
}
