/** The playground: index notation to graphs and loops, while it is typed, by the packages of the command line. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { GraphPanel } from "../graph/graph-panel.tsx";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { Part, PlaygroundAnswer, PlaygroundFault } from "./answer.ts";
import { examples } from "./examples.ts";
import { ExpressionEditor } from "./expression-editor.tsx";
import { GraphFacts, LoopFacts, Plan } from "./parts.tsx";
import { Settings } from "./settings.tsx";
import { usePlayground } from "./use-playground.ts";
import "../chart/chart.css";
import "../study/study.css";
import "../partition/partition.css";
import "./playground.css";

const tabs = [
  ["graph", "Graph"],
  ["graphviz", "Graphviz"],
  ["plan", "Plan"],
  ["loops", "Loops"],
  ["c", "C"],
  ["wat", "WebAssembly"],
] as const;

/** The page of the playground. */
export function Playground() {
  const { request, change, answer, isWorking, failure } = usePlayground();
  const [tab, setTab] = useRemembered("tab", "graph");
  const step = (by: number) => () => {
    const at = tabs.findIndex(([key]) => key === tab);
    setTab(tabs[(at + by + tabs.length) % tabs.length]![0]);
  };
  useKeys("Playground", [
    { key: "ArrowRight", does: "next part of the answer", run: step(1) },
    { key: "ArrowLeft", does: "part before", run: step(-1) },
    {
      key: "e",
      does: "to the expression",
      run: () => document.querySelector<HTMLElement>(".expression textarea")?.focus(),
    },
  ]);
  // While the expression cannot be read, the fields of the last one that could stay where they are.
  const known = useRef<Pick<PlaygroundAnswer, "tensors" | "result">>(undefined);
  if (answer?.tensors.ok) known.current = answer;
  const tensors = known.current?.tensors;
  const fault = answer === undefined ? undefined : faultOf(answer, tab);
  return (
    <div class="playground">
      <section class="asked">
        <div class="tools">
          <label>
            example
            <select
              value=""
              onChange={(event) => {
                const found = examples.find(({ name }) => name === event.currentTarget.value);
                if (found !== undefined) change(found.request);
              }}
            >
              <option value="">choose …</option>
              {examples.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <output class="soft">{isWorking ? "working …" : ""}</output>
        </div>
        <ExpressionEditor
          text={request.expression}
          spans={isWorking ? [] : (fault?.spans ?? [])}
          change={(expression) => change({ expression })}
        />
        {fault !== undefined && (
          <pre class="fault" role="alert">
            {fault.text}
          </pre>
        )}
        {failure !== undefined && (
          <p class="fault" role="alert">
            {failure}
          </p>
        )}
        <Settings
          {...{ request, change }}
          tensors={tensors?.ok ? tensors.value : []}
          result={known.current?.result ?? null}
          wrong={fault?.tensor}
        />
      </section>
      <section class="answer" aria-busy={isWorking}>
        <div class="tabs" role="tablist">
          {tabs.map(([key, name]) => (
            <button key={key} type="button" role="tab" aria-selected={tab === key} onClick={() => setTab(key)}>
              {name}
            </button>
          ))}
        </div>
        {answer !== undefined && <Shown {...{ answer, tab }} />}
      </section>
    </div>
  );
}

/** What stands in the way of the part that is shown. */
function faultOf({ graph, loops }: PlaygroundAnswer, tab: string): PlaygroundFault | undefined {
  const part = isOfGraph(tab) ? graph : loops;
  return part.ok ? undefined : part.fault;
}

function isOfGraph(tab: string): boolean {
  return tab === "graph" || tab === "graphviz";
}

function Shown({ answer, tab }: { readonly answer: PlaygroundAnswer; readonly tab: string }) {
  if (isOfGraph(tab))
    return (
      <Had part={answer.graph}>
        {(part) => (
          <>
            <GraphFacts part={part} />
            {tab === "graph" ? (
              <div class="drawn">
                <GraphPanel document={part.graph} title={`Graph of ${answer.result}`} />
              </div>
            ) : (
              <pre class="code">{part.text}</pre>
            )}
          </>
        )}
      </Had>
    );
  return (
    <Had part={answer.loops}>
      {(part) => (
        <>
          <LoopFacts part={part} />
          {tab === "plan" ? (
            <Plan part={part} />
          ) : (
            <pre class="code">{tab === "c" ? part.c : tab === "wat" ? part.wat : part.loops}</pre>
          )}
        </>
      )}
    </Had>
  );
}

function Had<Value>({
  part,
  children,
}: {
  readonly part: Part<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) {
  if (part.ok) return <>{children(part.value)}</>;
  return <p class="soft">Nothing to show until the fault is mended.</p>;
}
