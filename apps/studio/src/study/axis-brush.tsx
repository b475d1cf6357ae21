/** One axis with its labels, and the brush on it: by pointer, or by arrow keys while the axis has the focus. */
import { useRef } from "preact/hooks";
import type { CoordinateAxis } from "./coordinates.ts";

type Brush = readonly [low: number, high: number];

interface AxisBrushProps {
  readonly axis: CoordinateAxis;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** Names of neighbours stand at two heights, so that long ones do not meet. */
  readonly nameAbove: boolean;
  readonly brush: Brush | undefined;
  /** Told while a brush is drawn, and once it is. */
  draw(brush: Brush | undefined): void;
  settle(brush: Brush | undefined): void;
}

const REACH = 13;
/** A drag of fewer pixels is a click, which takes the brush away. */
const LEAST_DRAG = 4;
const STEP = 0.05;

/** The axis. */
export function AxisBrush({ axis, x, top, bottom, nameAbove, brush, draw, settle }: AxisBrushProps) {
  const began = useRef<number>(undefined);
  const placeAt = (event: PointerEvent): number => {
    const svg = (event.currentTarget as SVGElement).ownerSVGElement!;
    return (bottom - (event.clientY - svg.getBoundingClientRect().top)) / (bottom - top);
  };
  const between = (event: PointerEvent): Brush | undefined => {
    const [from, to] = [began.current!, placeAt(event)];
    if (Math.abs(from - to) * (bottom - top) < LEAST_DRAG) return undefined;
    return [Math.max(-0.01, Math.min(from, to)), Math.min(1.01, Math.max(from, to))];
  };
  const height = (place: number): number => bottom - place * (bottom - top);
  return (
    <g class="axis">
      <line x1={x} x2={x} y1={top} y2={bottom} />
      <text class="strong" x={x} y={nameAbove ? 12 : 28} text-anchor="middle">
        {shortened(axis.name)}
        <title>{axis.name}</title>
      </text>
      {axis.labels.map(({ place, text }) => (
        <text key={`${place} ${text}`} class="label" x={x + 5} y={height(place) + 4}>
          {shortened(text)}
        </text>
      ))}
      {brush !== undefined && (
        <rect class="brush" x={x - 8} y={height(brush[1])} width={16} height={height(brush[0]) - height(brush[1])} />
      )}
      <rect
        class="brush-field"
        tabIndex={0}
        role="slider"
        aria-label={`Brush on ${axis.name}`}
        aria-valuetext={brush === undefined ? "none" : `${percent(brush[0])} to ${percent(brush[1])}`}
        aria-valuenow={brush === undefined ? 0 : Math.round(100 * brush[0])}
        x={x - REACH}
        y={top - 6}
        width={2 * REACH}
        height={bottom - top + 12}
        onPointerDown={(event) => {
          began.current = placeAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (began.current !== undefined) draw(between(event));
        }}
        onPointerUp={(event) => {
          event.stopPropagation();
          if (began.current === undefined) return;
          const next = between(event);
          began.current = undefined;
          settle(next);
        }}
        onKeyDown={(event) => {
          const next = byKey(event, brush);
          if (next === null) return;
          event.preventDefault();
          event.stopPropagation();
          settle(next);
        }}
      />
    </g>
  );
}

/** The brush after a key; null for a key that means nothing here. Shift moves one end instead of both. */
export function byKey(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  brush: Brush | undefined,
): Brush | undefined | null {
  if (key === "Escape" || key === "Delete" || key === "Backspace") return brush === undefined ? null : undefined;
  const step = key === "ArrowUp" ? STEP : key === "ArrowDown" ? -STEP : 0;
  if (step === 0) return null;
  if (brush === undefined) return step > 0 ? [0.75, 1.01] : [-0.01, 0.25];
  const [low, high] = brush;
  return shiftKey ? [low, Math.max(low + STEP, Math.min(1.01, high + step))] : [low + step, high + step];
}

function percent(place: number): string {
  return `${Math.round(100 * place)} %`;
}

function shortened(text: string): string {
  return text.length <= 12 ? text : `${text.slice(0, 11)}…`;
}
