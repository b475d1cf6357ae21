/** A program through its passes: which changed it, and how, before and after. */
import { useMemo } from "preact/hooks";
import { GraphPanel } from "../graph/graph-panel.tsx";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { PassesView, PassStage } from "../view/passes.ts";
import { type DiffLine, diffLines, foldSame } from "./line-diff.ts";
import "./passes.css";

const ways = ["difference", "side by side", "text", "graph"] as const;

/** The panel of passes. */
export function PassesPanel({ document, title }: PanelProps<PassesView>) {
  const { stages } = document;
  const firstChange = stages.findIndex(({ changed }, at) => at > 0 && changed);
  const [stageText, setStage] = useRemembered("stage", String(Math.max(0, firstChange)));
  const [way, setWay] = useRemembered("as", "difference");
  const [unchanged, setUnchanged] = useRemembered("unchanged", "folded");
  const at = Math.min(stages.length - 1, Math.max(0, Math.trunc(Number(stageText)) || 0));
  const stage = stages[at];
  const visible = stages.flatMap(({ changed }, each) =>
    changed || unchanged === "shown" || each === at ? [each] : [],
  );
  const step = (by: number) => () => {
    const to = visible[visible.indexOf(at) + by];
    if (to !== undefined) setStage(String(to));
  };
  useKeys("Passes", [
    { key: "j", does: "next pass", run: step(1) },
    { key: "k", does: "pass before", run: step(-1) },
    {
      key: "u",
      does: "show or fold passes that changed nothing",
      run: () => setUnchanged(unchanged === "shown" ? "folded" : "shown"),
    },
    ...ways.map((each, number) => ({ key: String(number + 1), does: each, run: () => setWay(each) })),
  ]);
  if (stage === undefined) return <p class="notice">No pass left anything to show.</p>;
  const possible = ways.filter((each) => (each === "graph" ? stage.graph !== undefined : stage.text !== undefined));
  const shown = possible.find((each) => each === way) ?? possible[0];
  const idle = stages.filter(({ changed }) => !changed).length;
  return (
    <div class="passes-panel">
      <nav aria-label="Passes">
        <ol>
          {visible.map((each) => (
            <li key={each}>
              <button
                type="button"
                class={stages[each]!.changed ? "pass" : "pass idle"}
                aria-current={each === at && "step"}
                onClick={() => setStage(String(each))}
              >
                {stages[each]!.name}
              </button>
            </li>
          ))}
        </ol>
        {idle > 0 && (
          <button type="button" class="plain" onClick={() => setUnchanged(unchanged === "shown" ? "folded" : "shown")}>
            {unchanged === "shown" ? "Fold" : "Show"} {idle} that changed nothing (u)
          </button>
        )}
      </nav>
      <div class="pass-stage">
        <div class="pass-ways">
          {possible.map((each) => (
            <button type="button" key={each} aria-pressed={each === shown} onClick={() => setWay(each)}>
              {each}
            </button>
          ))}
        </div>
        {stage.note !== undefined && <pre class="pass-note">{stage.note}</pre>}
        <Stage before={stages[at - 1]} stage={stage} way={shown} title={title} />
      </div>
    </div>
  );
}

interface StageProps {
  readonly before: PassStage | undefined;
  readonly stage: PassStage;
  readonly way: (typeof ways)[number] | undefined;
  readonly title: string;
}

function Stage({ before, stage, way, title }: StageProps) {
  if (way === "graph" && stage.graph !== undefined)
    return <GraphPanel document={stage.graph} title={title} key={stage.name} />;
  if (stage.text === undefined) return <p class="notice">This pass left no text.</p>;
  if (way === "text" || before?.text === undefined) return <pre class="code">{stage.text}</pre>;
  return <Difference before={before.text} after={stage.text} beside={way === "side by side"} />;
}

interface DifferenceProps {
  readonly before: string;
  readonly after: string;
  readonly beside: boolean;
}

const MARKS = { same: " ", old: "-", new: "+" } as const;

/** Two texts, as one list of lines or in two columns. */
function Difference({ before, after, beside }: DifferenceProps) {
  const lines = useMemo(() => foldSame(diffLines(before, after)), [before, after]);
  if (!lines.some(({ kind }) => kind === "old" || kind === "new")) return <p class="notice">The text is the same.</p>;
  return (
    <table class="diff">
      <tbody>
        {beside
          ? pairsOf(lines).map((pair, at) => <Pair key={at} pair={pair} />)
          : lines.map((line, at) => <Line key={at} line={line} />)}
      </tbody>
    </table>
  );
}

function Line({ line }: { readonly line: DiffLine }) {
  if (line.kind === "folded") {
    return (
      <tr class="folded">
        <td colSpan={4}>{line.count === 1 ? "1 line that is the same" : `${line.count} lines that are the same`}</td>
      </tr>
    );
  }
  return (
    <tr class={line.kind}>
      <td class="line">{line.kind === "new" ? "" : line.oldLine + 1}</td>
      <td class="line">{line.kind === "old" ? "" : line.newLine + 1}</td>
      <td class="mark">{MARKS[line.kind]}</td>
      <td class="text">{line.text}</td>
    </tr>
  );
}

type Side = Exclude<DiffLine, { kind: "folded" }> | undefined;

/** Lines in two columns: what was deleted stands beside what replaces it. */
export function pairsOf(lines: readonly DiffLine[]): readonly (readonly [Side, Side] | number)[] {
  const pairs: ([Side, Side] | number)[] = [];
  let open = pairs.length;
  for (const line of lines) {
    if (line.kind === "folded") pairs.push(line.count);
    else if (line.kind === "same") pairs.push([line, line]);
    else if (line.kind === "old") {
      pairs.push([line, undefined]);
      continue;
    } else {
      const pair = pairs[open];
      if (pair === undefined || typeof pair === "number") pairs.push([undefined, line]);
      else pair[1] = line;
      open += 1;
      continue;
    }
    open = pairs.length;
  }
  return pairs;
}

function Pair({ pair }: { readonly pair: readonly [Side, Side] | number }) {
  if (typeof pair === "number") return <Line line={{ kind: "folded", count: pair }} />;
  const [old, made] = pair;
  return (
    <tr class="pair">
      <td class="line">{old === undefined ? "" : old.oldLine + 1}</td>
      <td class={`text ${old?.kind ?? ""}`}>{old?.text}</td>
      <td class="line">{made === undefined ? "" : made.newLine + 1}</td>
      <td class={`text ${made?.kind ?? ""}`}>{made?.text}</td>
    </tr>
  );
}
