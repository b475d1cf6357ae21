/** Parallel coordinates: an axis for each parameter and objective, a line for each evaluation, brushes to ask with. */
import { useState } from "preact/hooks";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { useInks } from "../chart/inks.ts";
import { useWidth } from "../chart/size.ts";
import { AxisBrush } from "./axis-brush.tsx";
import { type Brushes, brushed, type CoordinateAxis } from "./coordinates.ts";
import { type LineField, lineAt, paintLine, paintLines } from "./line-painter.ts";
import type { Quality } from "./quality.ts";

interface ParallelChartProps {
  readonly axes: readonly CoordinateAxis[];
  readonly quality: Quality;
  /** 1 for each evaluation that may be drawn at all. */
  readonly shown: Uint8Array;
  readonly brushes: Brushes;
  setBrushes(brushes: Brushes): void;
  readonly chosen: number | undefined;
  choose(evaluation: number): void;
}

const HEIGHT = 340;
const TOP = 44;
const BOTTOM = HEIGHT - 34;
const NOWHERE = HEIGHT - 10;
/** Room at the sides for names, and the least distance of axes that keeps their numbers apart. */
const SIDE = 58;
const APART = 76;

/** The chart; a click on a line chooses its evaluation. */
export function ParallelChart(props: ParallelChartProps) {
  const { axes, quality, shown, brushes, setBrushes, chosen, choose } = props;
  const { box, width: room } = useWidth();
  const inks = useInks();
  // While a brush is drawn the lines follow it, and the address does not yet.
  const [drawn, setDrawn] = useState<Brushes>();
  const asked = drawn ?? brushes;
  const isBrushed = Object.keys(asked).length > 0;
  const width = Math.max(room, 2 * SIDE + APART * (axes.length - 1));
  const across = axes.map((_, at) => SIDE + (at * (width - 2 * SIDE)) / Math.max(1, axes.length - 1));
  const field: LineField = { axes, quality, across, top: TOP, bottom: BOTTOM, nowhere: NOWHERE };
  const inside = brushed(axes, asked, shown.length).map((one, at) => one & shown[at]!);
  const same = [axes, quality, shown, inks];
  return (
    <div class="scroll-sideways" ref={box}>
      <div
        class="plot parallel"
        style={{ height: `${HEIGHT}px`, width: `${width}px` }}
        onPointerUp={(event) => {
          const edge = event.currentTarget.getBoundingClientRect();
          const at = { across: event.clientX - edge.left, down: event.clientY - edge.top, reach: 6 };
          const found = lineAt(field, inside, at);
          if (found !== undefined) choose(found);
        }}
      >
        {isBrushed && (
          <CanvasLayer
            width={width}
            height={HEIGHT}
            inputs={same}
            paint={(context) => paintLines(context, field, { wanted: shown, inks, faint: true })}
          />
        )}
        <CanvasLayer
          width={width}
          height={HEIGHT}
          inputs={[...same, JSON.stringify(asked)]}
          paint={(context) => paintLines(context, field, { wanted: inside, inks, faint: false })}
        />
        <CanvasLayer
          width={width}
          height={HEIGHT}
          inputs={[...same, chosen]}
          paint={(context) => {
            if (chosen !== undefined) paintLine(context, field, chosen, inks.get("--blocked")!);
            return undefined;
          }}
        />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a picture. */}
        <svg role="group" aria-label="Parameters and objectives of each evaluation">
          {axes.map((axis, at) => (
            <AxisBrush
              key={axis.name}
              axis={axis}
              x={across[at]!}
              top={TOP}
              bottom={BOTTOM}
              nameAbove={at % 2 === 1}
              brush={asked[axis.name]}
              draw={(brush) => setDrawn(withBrush(brushes, axis.name, brush))}
              settle={(brush) => {
                setDrawn(undefined);
                setBrushes(withBrush(brushes, axis.name, brush));
              }}
            />
          ))}
          <text
            x={(across[axes.findIndex(({ isObjective }) => isObjective)] ?? width) - 8}
            y={NOWHERE + 4}
            text-anchor="end"
          >
            no value
          </text>
        </svg>
      </div>
    </div>
  );
}

function withBrush(brushes: Brushes, name: string, brush: readonly [number, number] | undefined): Brushes {
  const { [name]: _, ...others } = brushes;
  return brush === undefined ? others : { ...others, [name]: brush };
}
