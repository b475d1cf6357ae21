/** One view of a run: fetches its file, reads it, and lets its panel show it. */
import { Component, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AnyPanel } from "../panel.ts";
import { panelOf } from "../panels.ts";
import type { ListedRun } from "../run/run-list.ts";
import type { RunView } from "../run/run-record.ts";
import type { Source } from "../source/source.ts";
import type { Fetched } from "./runs.ts";
import { SurroundingsContext } from "./siblings.ts";

interface ViewFrameProps {
  readonly runs: readonly ListedRun[];
  readonly source: Source;
  readonly run: ListedRun;
  readonly view: RunView;
}

/** The panel of a view, or why there is none. */
export function ViewFrame({ source, runs, run, view }: ViewFrameProps) {
  const panel = panelOf(view.kind);
  const document = useDocument(panel, { source, run, view });
  if (panel === undefined) return <p class="notice">This page has no panel for views of the kind {view.kind}.</p>;
  if (document.state === "waiting") return <p class="notice">Reading {view.file} …</p>;
  if (document.state === "failed")
    return (
      <p class="notice fault" role="alert">
        {document.reason}
      </p>
    );
  const { Show } = panel;
  return (
    <Contained>
      <SurroundingsContext.Provider value={{ source, runs, run, view }}>
        <Show document={document.value} title={view.title} />
      </SurroundingsContext.Provider>
    </Contained>
  );
}

// A view is read again when its stamp changes; until then the document at hand stays on the page.
function useDocument(
  panel: AnyPanel | undefined,
  { source, run, view }: Omit<ViewFrameProps, "runs">,
): Fetched<unknown> {
  const stamp = run.stamps[run.record.views.indexOf(view)] ?? "";
  const key = JSON.stringify([run.name, view.id, view.kind]);
  const [at, setAt] = useState<{ readonly key: string; readonly document: Fetched<unknown> }>();
  useEffect(() => {
    if (panel === undefined) return;
    let stopped = false;
    const show = (document: Fetched<unknown>) => {
      if (!stopped) setAt({ key, document });
    };
    source
      .open(run, view)
      .then((bytes) => show({ state: "here", value: panel.read(bytes, `${run.name}/${view.file}`) }))
      .catch((cause: Error) => show({ state: "failed", reason: cause.message }));
    return () => {
      stopped = true;
    };
  }, [source, key, stamp]);
  return at?.key === key ? at.document : { state: "waiting" };
}

/** Keeps a fault of one panel from taking the page with it. */
class Contained extends Component<{ readonly children: ComponentChildren }, { readonly fault?: string }> {
  override state: { readonly fault?: string } = {};

  static override getDerivedStateFromError(error: unknown): { readonly fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <p class="notice fault" role="alert">
        This panel failed, which is a fault of the page: {fault}
      </p>
    );
  }
}
