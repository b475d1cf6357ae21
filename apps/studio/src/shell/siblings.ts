/** Other views of the kind that is shown, in any run: what a panel may compare its own with. */
import { createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { ListedRun } from "../run/run-list.ts";
import type { RunView } from "../run/run-record.ts";
import type { Source } from "../source/source.ts";
import type { Fetched } from "./runs.ts";

/** The view that is shown, and everything that could be. */
export interface Surroundings {
  readonly source: Source;
  readonly runs: readonly ListedRun[];
  readonly run: ListedRun;
  readonly view: RunView;
}

/** Set by the frame around panels. */
export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** A view beside the one that is shown. */
export interface Sibling {
  /** Unique, and the same when the page is opened again. */
  readonly key: string;
  readonly title: string;
  readonly run: ListedRun;
  readonly view: RunView;
}

/** The other views of the same kind. */
export function useSiblings(): readonly Sibling[] {
  const around = useContext(SurroundingsContext);
  return useMemo(() => {
    if (around === undefined) return [];
    return around.runs.flatMap((run) =>
      run.record.views
        .filter(({ kind, id }) => kind === around.view.kind && !(run.name === around.run.name && id === around.view.id))
        .map((view) => ({ key: `${run.name} ${view.id}`, title: `${view.title} (${run.name})`, run, view })),
    );
  }, [around?.runs, around?.run.name, around?.view.id]);
}

/** The document of a sibling; undefined while none is asked for. */
export function useSibling<Document>(
  sibling: Sibling | undefined,
  read: (bytes: Uint8Array, of: string) => Document,
): Fetched<Document> | undefined {
  const source = useContext(SurroundingsContext)?.source;
  const [found, setFound] = useState<Fetched<Document>>();
  const stamp = sibling?.run.stamps[sibling.run.record.views.indexOf(sibling.view)];
  useEffect(() => {
    if (sibling === undefined || source === undefined) return setFound(undefined);
    let stopped = false;
    const show = (next: Fetched<Document>) => {
      if (!stopped) setFound(next);
    };
    source
      .open(sibling.run, sibling.view)
      .then((bytes) => show({ state: "here", value: read(bytes, sibling.key) }))
      .catch((cause: Error) => show({ state: "failed", reason: cause.message }));
    return () => {
      stopped = true;
    };
  }, [source, sibling?.key, stamp]);
  return found;
}
