/** The runs of a source, asked for again while they may change. */
import { useEffect, useState } from "preact/hooks";
import type { RunList } from "../run/run-list.ts";
import type { Source } from "../source/source.ts";

const ASK_AGAIN_MILLISECONDS = 2000;

/** What is known of something that is being fetched. */
export type Fetched<Value> =
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "here"; readonly value: Value };

/** The list of runs, and why the source does not answer, if it does not. */
export interface FollowedRuns {
  readonly runs: Fetched<RunList>;
  readonly silent: string | undefined;
}

/** The list of runs; where the source is live it follows it, and keeps the last list while the source is silent. */
export function useRuns(source: Source): FollowedRuns {
  const [runs, setRuns] = useState<Fetched<RunList>>({ state: "waiting" });
  const [silent, setSilent] = useState<string>();
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = "";
    const ask = async () => {
      try {
        const value = await source.list();
        const text = JSON.stringify(value);
        if (stopped) return;
        if (text !== last) setRuns({ state: "here", value });
        setSilent(undefined);
        last = text;
      } catch (cause) {
        const reason = (cause as Error).message;
        if (stopped) return;
        setRuns((before) => (before.state === "here" ? before : { state: "failed", reason }));
        setSilent(reason);
      }
      if (source.live && !stopped) timer = setTimeout(ask, ASK_AGAIN_MILLISECONDS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [source]);
  return { runs, silent };
}
