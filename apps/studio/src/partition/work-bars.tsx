/** The work of each unit beside what none may exceed. */
import { Axes } from "../chart/axes.tsx";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { useInks } from "../chart/inks.ts";
import { makeScale } from "../chart/scale.ts";
import { useWidth } from "../chart/size.ts";
import { balanceOf, columnsOf } from "./balance.ts";
import { unitColor } from "./unit-colors.ts";

interface WorkBarsProps {
  /** Work of each unit, and what none may exceed. */
  readonly work: readonly number[];
  readonly bound: number;
  readonly chosen: number | undefined;
  choose(unit: number): void;
}

const HEIGHT = 220;
const LEFT = 58;
const RIGHT = 10;
const TOP = 20;
const BOTTOM = HEIGHT - 38;

/** The bars; a click chooses a unit. */
export function WorkBars({ work, bound, chosen, choose }: WorkBarsProps) {
  const { box, width } = useWidth();
  const inks = useInks();
  const { mean, most } = balanceOf(work);
  const right = width - RIGHT;
  const x = makeScale({
    least: 0,
    most: Math.max(1, work.length),
    from: LEFT,
    to: right,
    wanted: Math.max(2, width / 90),
  });
  const y = makeScale({ least: 0, most: Math.max(1, most, bound) * 1.06, from: BOTTOM, to: TOP, wanted: 4 });
  // There is no half of a unit.
  const whole = { ...x, ticks: x.ticks.filter(({ value }) => Number.isInteger(value)) };
  const columns = columnsOf(work, Math.floor((right - LEFT) / 2));
  const paint = (context: CanvasRenderingContext2D) => {
    const wide = Math.max(1, (right - LEFT) / columns.length - ((right - LEFT) / columns.length > 4 ? 1 : 0));
    for (const { from, work: high } of columns) {
      const isChosen = chosen === undefined || from === chosen;
      context.fillStyle = isChosen ? unitColor(from, work.length) : inks.get("--line")!;
      context.fillRect(x.place(from), y.place(high), wide, BOTTOM - y.place(high));
    }
    return undefined;
  };
  return (
    <div
      class="plot"
      ref={box}
      style={{ height: `${HEIGHT}px` }}
      role="img"
      aria-label={`Work of ${work.length} units: at most ${most}, ${mean.toFixed(1)} on average, bound ${bound}`}
      onPointerUp={(event) => {
        const edge = event.currentTarget.getBoundingClientRect();
        const unit = Math.floor(x.valueAt(event.clientX - edge.left));
        if (unit >= 0 && unit < work.length) choose(unit);
      }}
    >
      <CanvasLayer width={width} height={HEIGHT} paint={paint} inputs={[work, inks, chosen]} />
      {width > 0 && (
        <svg aria-hidden="true">
          <Axes {...{ x: whole, y, left: LEFT, right, top: TOP, bottom: BOTTOM }} xTitle="unit" yTitle="work" />
          <line class="bound" x1={LEFT} x2={right} y1={y.place(bound)} y2={y.place(bound)} />
          <line class="mean" x1={LEFT} x2={right} y1={y.place(mean)} y2={y.place(mean)} />
        </svg>
      )}
    </div>
  );
}
