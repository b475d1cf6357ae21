import { useMemo } from "preact/hooks";
import { exactLabel, shareLabel } from "../chart/number-label.ts";
import type { TimelineTrack, TimelineView } from "../view/timeline.ts";
import { countUntil } from "./on-pixels.ts";
import { inkOf } from "./paint-tracks.ts";
import { timeByName } from "./time-by-name.ts";
import type { TimeWindow } from "./window.ts";

/** Names listed; the rest is summed. */
const LISTED = 6;

interface ChosenTrackProps {
  readonly timeline: TimelineView;
  readonly track: TimelineTrack;
  readonly window: TimeWindow;
}

/** Where the time of one track went in the window that is shown. */
export function ChosenTrack({ timeline, track, window }: ChosenTrackProps) {
  const { from, until } = window;
  const times = useMemo(() => timeByName(timeline, track, { from, until }), [timeline, track, from, until]);
  const rest = times.slice(LISTED).reduce((sum, { time }) => sum + time, 0);
  return (
    <section class="chosen-track" aria-label={`Track ${track.path}`}>
      <h3>{track.path}</h3>
      {track.description !== "" && <p class="soft">{track.description}</p>}
      {track.unit !== undefined && <CounterFacts track={track} window={window} />}
      {times.slice(0, LISTED).map(({ name, time, spans }) => (
        <div class="rowbar" key={name}>
          <span title={name}>{name}</span>
          <i style={{ width: `${(100 * time) / (until - from)}%`, background: `var(${inkOf(name)})` }} />
          <b title={`${exactLabel(time)} ${timeline.unit} in ${exactLabel(spans)} spans`}>
            {shareLabel(time / (until - from))}
          </b>
        </div>
      ))}
      {rest > 0 && (
        <p class="soft">
          and {shareLabel(rest / (until - from))} under {times.length - LISTED} more names
        </p>
      )}
    </section>
  );
}

function CounterFacts({ track: { values, unit }, window }: Omit<ChosenTrackProps, "timeline">) {
  const first = Math.max(0, countUntil(values.time, window.from) - 1);
  let most = 0;
  let sum = 0;
  for (let at = first; at < values.time.length && values.time[at]! < window.until; at++) {
    const until = Math.min(window.until, values.time[at + 1] ?? window.until);
    const value = values.value[at]!;
    most = Math.max(most, value);
    sum += value * (until - Math.max(window.from, values.time[at]!));
  }
  return (
    <p>
      at most {exactLabel(most)} {unit}, {exactLabel(sum / (window.until - window.from))} on average
    </p>
  );
}
