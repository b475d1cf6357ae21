/** Values by evaluation with the best so far; evaluations without a value stand in a band of their own above. */
import { Axes } from "../chart/axes.tsx";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { type Inks, useInks } from "../chart/inks.ts";
import { makeScale, padded, rangeOf, type Scale } from "../chart/scale.ts";
import { useWidth } from "../chart/size.ts";
import type { StudyView } from "../view/study.ts";

interface HistoryChartProps {
  readonly study: StudyView;
  readonly values: Float64Array;
  readonly best: Float64Array;
  /** 1 for each evaluation that is drawn in full. */
  readonly inside: Uint8Array;
  readonly logarithmic: boolean;
  readonly chosen: number | undefined;
  choose(evaluation: number): void;
  /** Another study's best so far. */
  readonly other: { readonly name: string; readonly best: Float64Array } | undefined;
}

const HEIGHT = 280;
const LEFT = 58;
const RIGHT = 12;
/** The band of evaluations without a value. */
const BAND = { top: 18, bottom: 30 };
const TOP = 36;
const BOTTOM = HEIGHT - 38;

/** The history of a study; a click chooses the nearest evaluation. */
export function HistoryChart(props: HistoryChartProps) {
  const { study, values, best, inside, chosen, choose, other } = props;
  const { box, width } = useWidth();
  const inks = useInks();
  const { x, y } = scalesOf(props, width);
  const paint = (context: CanvasRenderingContext2D) => {
    paintFailures(context, { study, x, inside, inks });
    paintValues(context, { values, x, y, inside, inks });
    return undefined;
  };
  const inputs = [study, values, inside, inks, props.logarithmic, other];
  return (
    <div
      class="plot history"
      ref={box}
      style={{ height: `${HEIGHT}px` }}
      role="img"
      aria-label={`${study.objectives[0]!.name} of ${values.length} evaluations and the best so far`}
      onPointerUp={(event) => {
        const edge = event.currentTarget.getBoundingClientRect();
        const found = nearest({ values, x, y }, event.clientX - edge.left, event.clientY - edge.top);
        if (found !== undefined) choose(found);
      }}
    >
      <CanvasLayer width={width} height={HEIGHT} paint={paint} inputs={inputs} />
      {width > 0 && (
        <svg aria-hidden="true">
          <Axes
            {...{ x, y, left: LEFT, right: width - RIGHT, top: TOP, bottom: BOTTOM }}
            xTitle="evaluation"
            yTitle={study.objectives[0]!.name}
          />
          {study.optimum !== undefined && (
            <line
              class="optimum"
              x1={LEFT}
              x2={width - RIGHT}
              y1={y.place(study.optimum)}
              y2={y.place(study.optimum)}
            />
          )}
          {other !== undefined && <path class="other-best" d={stairs(other.best, x, y)} />}
          <path class="best" d={stairs(best, x, y)} />
          {chosen !== undefined && <Mark x={x.place(chosen + 1)} y={heightOf(values[chosen]!, y)} />}
        </svg>
      )}
    </div>
  );
}

function Mark({ x, y }: { readonly x: number; readonly y: number }) {
  return <circle class="chosen" cx={x} cy={y} r={6} />;
}

function heightOf(value: number, y: Scale): number {
  return Number.isNaN(value) ? (BAND.top + BAND.bottom) / 2 : y.place(value);
}

function scalesOf({ study, values, other, logarithmic }: HistoryChartProps, width: number): { x: Scale; y: Scale } {
  const shown = [...rangeOf(values), ...(other === undefined ? [] : rangeOf(other.best))];
  const range = rangeOf(study.optimum === undefined ? shown : [...shown, study.optimum]);
  const [least, most] = padded(range, logarithmic);
  const count = Math.max(values.length, other?.best.length ?? 0, 1);
  return {
    x: makeScale({ least: 0.5, most: count + 0.5, from: LEFT, to: width - RIGHT, wanted: Math.max(2, width / 110) }),
    y: makeScale({ least, most, from: BOTTOM, to: TOP, logarithmic }),
  };
}

/** The best so far as stairs: one corner for each time that it changes. */
function stairs(best: Float64Array, x: Scale, y: Scale): string {
  const parts: string[] = [];
  let before = Number.NaN;
  for (const [at, value] of best.entries()) {
    if (Number.isNaN(value) || value === before) continue;
    const corner = `${x.place(at + 1).toFixed(1)}`;
    parts.push(
      parts.length === 0 ? `M${corner} ${y.place(value).toFixed(1)}` : `H${corner}V${y.place(value).toFixed(1)}`,
    );
    before = value;
  }
  if (parts.length > 0) parts.push(`H${x.place(best.length).toFixed(1)}`);
  return parts.join("");
}

interface Painted {
  readonly x: Scale;
  readonly inside: Uint8Array;
  readonly inks: Inks;
}

function paintValues(
  context: CanvasRenderingContext2D,
  { values, x, y, inside, inks }: Painted & { readonly values: Float64Array; readonly y: Scale },
): void {
  const size = values.length > 2000 ? 2 : values.length > 300 ? 3 : 6;
  for (const wanted of [0, 1]) {
    context.fillStyle = inks.get(wanted === 1 ? "--accent" : "--line")!;
    context.globalAlpha = wanted === 1 && values.length > 2000 ? 0.6 : 1;
    for (let at = 0; at < values.length; at++) {
      if (inside[at] !== wanted || Number.isNaN(values[at]!)) continue;
      context.fillRect(x.place(at + 1) - size / 2, y.place(values[at]!) - size / 2, size, size);
    }
  }
}

function paintFailures(
  context: CanvasRenderingContext2D,
  { study, x, inside, inks }: Painted & { readonly study: StudyView },
): void {
  const { outcome } = study.evaluations;
  const infeasible = study.outcomes.indexOf("infeasible");
  for (let at = 0; at < outcome.length; at++) {
    if (outcome[at] === 0) continue;
    context.fillStyle = inks.get(outcome[at] === infeasible ? "--starved" : "--blocked")!;
    context.globalAlpha = inside[at] === 1 ? 0.8 : 0.15;
    context.fillRect(x.place(at + 1) - 0.75, BAND.top, 1.5, BAND.bottom - BAND.top);
  }
  context.globalAlpha = 1;
}

function nearest(
  { values, x, y }: { readonly values: Float64Array; readonly x: Scale; readonly y: Scale },
  across: number,
  down: number,
): number | undefined {
  let found: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, value] of values.entries()) {
    const distance = Math.hypot(x.place(at + 1) - across, heightOf(value, y) - down);
    if (distance < least) [least, found] = [distance, at];
  }
  return found;
}
