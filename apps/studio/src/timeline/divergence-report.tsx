import { useMemo } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import type { TimelineView } from "../view/timeline.ts";
import { compareTimelines, type Parting } from "./divergence.ts";
import type { TimeWindow } from "./window.ts";

interface DivergenceReportProps {
  readonly here: TimelineView;
  readonly there: TimelineView;
  show(window: TimeWindow): void;
  choose(path: string): void;
}

/** Shown on each side of the first difference. */
const AROUND = 50;

/** Where another recording first shows something else. */
export function DivergenceReport({ here, there, show, choose }: DivergenceReportProps) {
  const { first, differing, common, onlyHere, onlyThere } = useMemo(() => compareTimelines(here, there), [here, there]);
  const lone = [...onlyHere.map((path) => `${path} (only here)`), ...onlyThere.map((path) => `${path} (only there)`)];
  return (
    <section class="divergence" aria-label="Comparison">
      {first === undefined ? (
        <p>All {common} tracks that both recordings have show the same.</p>
      ) : (
        <p>
          {exactLabel(differing)} of {exactLabel(common)} tracks differ, first <strong>{first.path}</strong> at{" "}
          {exactLabel(first.time)} {here.unit}: {worded(first.here)} here, {worded(first.there)} there.{" "}
          <button
            type="button"
            onClick={() => {
              choose(first.path);
              show({ from: first.time - AROUND, until: first.time + AROUND });
            }}
          >
            show it
          </button>
        </p>
      )}
      {lone.length > 0 && (
        <p class="soft">
          {lone.slice(0, 4).join(", ")}
          {lone.length > 4 && ` and ${lone.length - 4} more`}
        </p>
      )}
    </section>
  );
}

function worded(parting: Parting | undefined): string {
  return parting === undefined ? "nothing more" : `${parting.shows} from ${exactLabel(parting.time)} on`;
}
