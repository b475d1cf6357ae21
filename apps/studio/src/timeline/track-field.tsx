import { useRef } from "preact/hooks";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { useInks } from "../chart/inks.ts";
import { makeScale } from "../chart/scale.ts";
import { useWidth } from "../chart/size.ts";
import { useVisibleRows } from "../table/visible-rows.ts";
import type { TimelineView } from "../view/timeline.ts";
import { paintRows, ROW_PIXELS } from "./paint-tracks.ts";
import { type MovableWindow, useDragAndWheel } from "./use-window.ts";

interface TrackFieldProps {
  readonly timeline: TimelineView;
  readonly label: string;
  /** Numbers of the shown tracks. */
  readonly rows: readonly number[];
  readonly folded: ReadonlySet<string>;
  fold(path: string): void;
  /** Path of the chosen track; empty for none. */
  readonly chosen: string;
  choose(path: string): void;
  readonly movable: MovableWindow;
}

/** Names at the left, what happened at the right; only the rows on the screen are drawn. */
export function TrackField(props: TrackFieldProps) {
  const { timeline, label, rows, movable } = props;
  const { scroller, from, until } = useVisibleRows(rows.length, ROW_PIXELS);
  const { box, width } = useWidth();
  const field = useRef<HTMLDivElement>(null);
  const inks = useInks();
  const { window } = movable;
  useDragAndWheel(field, movable);
  const visible = rows.slice(from, until);
  const scale = makeScale({ least: window.from, most: window.until, from: 0, to: width, wanted: width / 110 });
  return (
    <section class="tracks" ref={scroller} aria-label={label}>
      <div class="track-head">
        <span class="soft">{timeline.unit}</span>
        <svg aria-hidden="true">
          {scale.ticks.map((tick) => (
            <text key={tick.value} x={tick.place} y={14} text-anchor={anchorAt(tick.place, width)}>
              {tick.label}
            </text>
          ))}
        </svg>
      </div>
      <div class="track-rows" style={{ height: `${rows.length * ROW_PIXELS}px` }}>
        <div class="track-names" style={{ top: `${from * ROW_PIXELS}px` }}>
          {visible.map((at) => (
            <TrackName key={at} at={at} {...props} />
          ))}
        </div>
        <div class="track-canvas" ref={box} style={{ top: `${from * ROW_PIXELS}px` }}>
          <div ref={field} style={{ height: `${visible.length * ROW_PIXELS}px` }}>
            <CanvasLayer
              width={width}
              height={visible.length * ROW_PIXELS}
              paint={(context) => {
                paintRows(context, { timeline, rows: visible, window, width, inks });
                return undefined;
              }}
              inputs={[timeline, rows, from, until, window.from, window.until, inks]}
            />
          </div>
        </div>
      </div>
    </section>
  );
}

/** Numbers at the edges stay inside. */
function anchorAt(place: number, width: number): "start" | "middle" | "end" {
  if (place < 20) return "start";
  return place > width - 20 ? "end" : "middle";
}

function TrackName({ at, timeline, folded, fold, chosen, choose }: TrackFieldProps & { readonly at: number }) {
  const { path, name, depth, under, unit } = timeline.tracks[at]!;
  return (
    <div
      class="track-name"
      aria-current={path === chosen ? "true" : undefined}
      style={{ paddingLeft: `${depth * 10}px` }}
    >
      {under > 0 ? (
        <button type="button" aria-expanded={!folded.has(path)} aria-label={`Fold ${name}`} onClick={() => fold(path)}>
          {folded.has(path) ? "▸" : "▾"}
        </button>
      ) : (
        <i />
      )}
      <button type="button" class="name" title={path} onClick={() => choose(path === chosen ? "" : path)}>
        {name}
        {unit !== undefined && <small> {unit}</small>}
      </button>
    </div>
  );
}
