import type { Scale } from "./scale.ts";

interface AxesProps {
  readonly x: Scale;
  readonly y: Scale;
  /** Edges of the field that the axes frame. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Grid, numbers and titles of two axes. */
export function Axes({ x, y, left, right, top, bottom, xTitle, yTitle }: AxesProps) {
  return (
    <g>
      {x.ticks.map(({ value, place, label }) => (
        <g key={value}>
          <line class="grid" x1={place} x2={place} y1={top} y2={bottom} />
          <text x={place} y={bottom + 16} text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      {y.ticks.map(({ value, place, label }) => (
        <g key={value}>
          <line class="grid" x1={left} x2={right} y1={place} y2={place} />
          <text x={left - 6} y={place + 4} text-anchor="end">
            {label}
          </text>
        </g>
      ))}
      <text x={right} y={bottom + 32} text-anchor="end">
        {xTitle}
      </text>
      <text x={0} y={11}>
        {yTitle}
      </text>
    </g>
  );
}
