/** The frame of the page: runs and views at the side, one view in the middle, keys for both. */
import { useEffect, useState } from "preact/hooks";
import { Playground } from "../playground/playground.tsx";
import type { ListedRun, RunList } from "../run/run-list.ts";
import type { Source } from "../source/source.ts";
import { go, printAddress, useAddress } from "./address.ts";
import { KeyOverlay } from "./key-overlay.tsx";
import { hear, type KeyBinding, useKeys } from "./keys.ts";
import { NoRuns } from "./no-runs.tsx";
import { placeOf, RunMenu } from "./run-menu.tsx";
import { useRuns } from "./runs.ts";
import { useTheme } from "./theme.ts";
import { ViewFrame } from "./view-frame.tsx";

/** Where the playground is in the address. */
const playground = { page: "playground" } as const;

/** The whole page over the runs of `source`. */
export function Studio({ source }: { readonly source: Source }) {
  const { runs, silent } = useRuns(source);
  const { theme, turn } = useTheme();
  const [keysShown, showKeys] = useState(false);
  const inPlayground = useAddress().get("page") === "playground";
  useEffect(() => {
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
  useKeys("Everywhere", [
    { key: "?", does: "this list", run: () => showKeys(true) },
    { key: "t", does: "light, dark, or as the system has it", run: turn },
    { key: "p", does: "the playground, or the runs", run: () => go(inPlayground ? {} : playground) },
  ]);
  return (
    <>
      <header class="top">
        <h1>Millrace studio</h1>
        <a href={inPlayground ? "#" : printAddress(new Map(Object.entries(playground)))}>
          {inPlayground ? "Runs" : "Playground"}
        </a>
        <button type="button" onClick={turn} title="Light, dark, or as the system has it (t)">
          {theme}
        </button>
        <button type="button" onClick={() => showKeys(true)} title="Keys (?)" aria-label="Keys">
          ?
        </button>
      </header>
      {silent !== undefined && runs.state === "here" && (
        <p class="silent" role="status">
          The server does not answer ({silent}). What it said last stays here; start <code>millrace studio</code> again.
        </p>
      )}
      {inPlayground ? (
        <Playground />
      ) : runs.state === "here" ? (
        <Runs list={runs.value} source={source} />
      ) : (
        <Waiting runs={runs} />
      )}
      {keysShown && <KeyOverlay close={() => showKeys(false)} />}
    </>
  );
}

function Waiting({ runs }: { readonly runs: { readonly state: string; readonly reason?: string } }) {
  if (runs.state === "waiting") return <p class="notice">Asking for the runs …</p>;
  return (
    <p class="notice fault" role="alert">
      {runs.reason}
    </p>
  );
}

function Runs({ list, source }: { readonly list: RunList; readonly source: Source }) {
  const address = useAddress();
  const run = list.runs.find(({ name }) => name === address.get("run")) ?? list.runs[0];
  const views = run?.record.views ?? [];
  const view = views.find(({ id }) => id === address.get("view")) ?? views[0];
  useEffect(() => {
    document.title = [view?.title, run?.record.title, "Millrace studio"]
      .filter((part) => part !== undefined)
      .join(" · ");
  }, [view?.title, run?.record.title]);
  useKeys("Runs and views", stepsFrom(list.runs, run, view?.id));
  return (
    <div class="desk">
      <RunMenu list={list} run={run} view={view?.id} />
      <main>
        {run === undefined && <NoRuns broken={list.broken} live={source.live} />}
        {run !== undefined && view === undefined && <p class="notice">This run left no views.</p>}
        {run !== undefined && view !== undefined && (
          <>
            <h2 class="title">{view.title}</h2>
            <ViewFrame key={`${run.name} ${view.id}`} source={source} runs={list.runs} run={run} view={view} />
          </>
        )}
      </main>
    </div>
  );
}

function stepsFrom(
  runs: readonly ListedRun[],
  run: ListedRun | undefined,
  view: string | undefined,
): readonly KeyBinding[] {
  if (run === undefined) return [];
  const { views } = run.record;
  const toView = (step: number) => () => {
    const to = views[views.findIndex(({ id }) => id === view) + step];
    if (to !== undefined) go(placeOf(run, to.id));
  };
  const toRun = (step: number) => () => {
    const to = runs[runs.indexOf(run) + step];
    if (to !== undefined) go(placeOf(to, to.record.views[0]?.id ?? ""));
  };
  return [
    { key: "]", does: "next view", run: toView(1) },
    { key: "[", does: "view before", run: toView(-1) },
    { key: "}", does: "next run", run: toRun(1) },
    { key: "{", does: "run before", run: toRun(-1) },
  ];
}
