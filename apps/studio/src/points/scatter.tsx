/** Designs on two axes, in the colours of their groups, with the front; drag to ask for a rectangle, click to choose. */
import { useRef, useState } from "preact/hooks";
import { Axes } from "../chart/axes.tsx";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { seriesNames, useInks } from "../chart/inks.ts";
import { makeScale, padded, rangeOf, type Scale } from "../chart/scale.ts";
import { useWidth } from "../chart/size.ts";
import type { PointsAxis } from "../view/points.ts";
import type { Designs } from "./designs.ts";
import type { Region } from "./region.ts";

interface ScatterProps {
  readonly designs: Designs;
  readonly axes: readonly [x: PointsAxis, y: PointsAxis];
  /** Columns of the two axes. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly logarithmic: readonly [boolean, boolean];
  /** Designs that are drawn. */
  readonly shown: readonly number[];
  readonly front: readonly number[];
  readonly region: Region | undefined;
  readonly chosen: number | undefined;
  ask(region: Region | undefined): void;
  choose(design: number): void;
}

const HEIGHT = 420;
const LEFT = 62;
const RIGHT = 16;
const TOP = 22;
const BOTTOM = HEIGHT - 40;
const LEAST_DRAG = 5;

interface Spot {
  readonly across: number;
  readonly down: number;
}

/** The scatter plot. */
export function Scatter(props: ScatterProps) {
  const { designs, axes, shown, front, region, chosen, ask, choose } = props;
  const { box, width } = useWidth();
  const inks = useInks();
  const began = useRef<Spot>(undefined);
  const [drag, setDrag] = useState<readonly [Spot, Spot]>();
  const { x, y } = scalesOf(props, width);
  const spotAt = (event: PointerEvent): Spot => {
    const edge = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { across: event.clientX - edge.left, down: event.clientY - edge.top };
  };
  const paint = (context: CanvasRenderingContext2D) => {
    const size = shown.length > 3000 ? 2.2 : shown.length > 400 ? 3 : 5;
    context.globalAlpha = shown.length > 3000 ? 0.55 : 0.85;
    for (const at of shown) {
      context.fillStyle = inks.get(seriesNames[designs.group[at]! % seriesNames.length]!)!;
      context.beginPath();
      context.arc(x.place(props.x[at]!), y.place(props.y[at]!), size, 0, 7);
      context.fill();
    }
    return undefined;
  };
  const asked = drag === undefined ? region && boxOf(region, x, y) : dragBox(drag);
  return (
    <div
      class="plot scatter"
      ref={box}
      style={{ height: `${HEIGHT}px` }}
      role="img"
      aria-label={`${axes[1].name} over ${axes[0].name} of ${shown.length} designs, ${front.length} on the front`}
      onPointerDown={(event) => {
        began.current = spotAt(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (began.current !== undefined && isDrag(began.current, spotAt(event)))
          setDrag([began.current, spotAt(event)]);
      }}
      onPointerUp={(event) => {
        const [from, to] = [began.current, spotAt(event)];
        began.current = undefined;
        setDrag(undefined);
        if (from === undefined) return;
        if (isDrag(from, to)) return ask(regionOf([from, to], x, y));
        const found = nearest(props, { x, y }, to);
        if (found === undefined) ask(undefined);
        else choose(found);
      }}
    >
      <CanvasLayer
        width={width}
        height={HEIGHT}
        paint={paint}
        inputs={[designs, props.x, props.y, shown, inks, ...props.logarithmic]}
      />
      {width > 0 && (
        <svg aria-hidden="true">
          <Axes
            {...{ x, y, left: LEFT, right: width - RIGHT, top: TOP, bottom: BOTTOM }}
            xTitle={titleOf(axes[0])}
            yTitle={titleOf(axes[1])}
          />
          <Front {...{ front, x, y, props }} />
          {asked !== undefined && <rect class="brush" {...asked} />}
          {chosen !== undefined && (
            <circle class="chosen" cx={x.place(props.x[chosen]!)} cy={y.place(props.y[chosen]!)} r={8} />
          )}
        </svg>
      )}
    </div>
  );
}

/** The front from left to right: rings, joined by a line where it is a front of these two axes. */
function Front({ front, x, y, props }: { front: readonly number[]; x: Scale; y: Scale; props: ScatterProps }) {
  const spots = front
    .map((at) => ({ at, across: x.place(props.x[at]!), down: y.place(props.y[at]!) }))
    .filter(({ across, down }) => Number.isFinite(across) && Number.isFinite(down))
    .sort((a, b) => a.across - b.across);
  return (
    <g class="front">
      <polyline points={spots.map(({ across, down }) => `${across.toFixed(1)},${down.toFixed(1)}`).join(" ")} />
      {spots.map(({ at, across, down }) => (
        <circle key={at} cx={across} cy={down} r={5.5} />
      ))}
    </g>
  );
}

function titleOf({ name, unit }: PointsAxis): string {
  return unit === "" || unit === name ? name : `${name}, ${unit}`;
}

// The axes span all designs, so that hiding a group moves nothing.
function scalesOf({ x, y, logarithmic }: ScatterProps, width: number): { x: Scale; y: Scale } {
  const [left, right] = padded(rangeOf(x), logarithmic[0]);
  const [low, high] = padded(rangeOf(y), logarithmic[1]);
  const wanted = Math.max(2, width / 110);
  return {
    x: makeScale({ least: left, most: right, from: LEFT, to: width - RIGHT, logarithmic: logarithmic[0], wanted }),
    y: makeScale({ least: low, most: high, from: BOTTOM, to: TOP, logarithmic: logarithmic[1] }),
  };
}

function isDrag(from: Spot, to: Spot): boolean {
  return Math.hypot(from.across - to.across, from.down - to.down) >= LEAST_DRAG;
}

function dragBox([from, to]: readonly [Spot, Spot]) {
  return {
    x: Math.min(from.across, to.across),
    y: Math.min(from.down, to.down),
    width: Math.abs(from.across - to.across),
    height: Math.abs(from.down - to.down),
  };
}

function boxOf(region: Region, x: Scale, y: Scale) {
  return dragBox([
    { across: x.place(region.x[0]), down: y.place(region.y[0]) },
    { across: x.place(region.x[1]), down: y.place(region.y[1]) },
  ]);
}

function regionOf(drag: readonly [Spot, Spot], x: Scale, y: Scale): Region {
  const { x: left, y: top, width, height } = dragBox(drag);
  return { x: [x.valueAt(left), x.valueAt(left + width)], y: [y.valueAt(top + height), y.valueAt(top)] };
}

const reach = 14;

function nearest(props: ScatterProps, { x, y }: { x: Scale; y: Scale }, spot: Spot): number | undefined {
  let found: number | undefined;
  let least = reach;
  for (const at of props.shown) {
    const distance = Math.hypot(x.place(props.x[at]!) - spot.across, y.place(props.y[at]!) - spot.down);
    if (distance < least) [least, found] = [distance, at];
  }
  return found;
}
