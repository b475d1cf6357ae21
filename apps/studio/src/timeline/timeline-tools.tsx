import { exactLabel } from "../chart/number-label.ts";
import { SiblingChoice } from "../shell/sibling-choice.tsx";
import type { Sibling } from "../shell/siblings.ts";
import type { TimelineView } from "../view/timeline.ts";
import { handOver, PERFETTO } from "./perfetto.ts";
import type { MovableWindow } from "./use-window.ts";

interface TimelineToolsProps {
  readonly timeline: TimelineView;
  readonly title: string;
  readonly words: string;
  setWords(words: string): void;
  readonly siblings: readonly Sibling[];
  readonly otherKey: string;
  setOther(key: string): void;
  readonly movable: MovableWindow;
}

/** What is shown, which other recording is held against it, and ways out to other tools. */
export function TimelineTools(props: TimelineToolsProps) {
  const { timeline, title, words, setWords, siblings, otherKey, setOther, movable } = props;
  const { from, until } = movable.window;
  return (
    <div class="tools">
      <label>
        find
        <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
      <SiblingChoice label="compare with" none="nothing" siblings={siblings} chosen={otherKey} choose={setOther} />
      <span>
        <button type="button" title="Zoom in (w)" onClick={() => movable.zoom(1 / 1.5)}>
          +
        </button>
        <button type="button" title="Zoom out (s)" onClick={() => movable.zoom(1.5)}>
          −
        </button>
        <button
          type="button"
          title="The whole recording (0)"
          onClick={() => movable.show({ from: 0, until: timeline.end })}
        >
          all
        </button>
      </span>
      <span class="soft">
        {exactLabel(Math.round(from))} to {exactLabel(Math.round(until))} of {exactLabel(timeline.end)} {timeline.unit}
      </span>
      <button
        type="button"
        title={`Opens ${PERFETTO} and gives it this recording`}
        onClick={() => open(timeline, title)}
      >
        open in Perfetto
      </button>
    </div>
  );
}

function open({ file }: TimelineView, title: string): void {
  const opened = window.open(PERFETTO);
  if (opened !== null) handOver(opened, { file, title });
}
