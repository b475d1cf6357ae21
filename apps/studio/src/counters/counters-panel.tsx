/** Counters of a run: found by words, of one name or all, with bars that compare those of one name. */
import { useMemo } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { parseJson } from "../read/checked.ts";
import { useRemembered } from "../shell/address.ts";
import { SiblingChoice } from "../shell/sibling-choice.tsx";
import { useSibling, useSiblings } from "../shell/siblings.ts";
import { useVisibleRows } from "../table/visible-rows.ts";
import { type CountersView, readCountersView } from "../view/counters.ts";
import { counterDifferences } from "./differences.ts";
import { DifferencesTable } from "./differences-table.tsx";
import { counterNames, found, type ListedCounter, listedCounters } from "./listed.ts";
import "../chart/chart.css";
import "../study/study.css";
import "./counters.css";

const ROW_PIXELS = 30;

/** The panel of views of the kind `counters`. */
export function CountersPanel({ document: counters, title }: PanelProps<CountersView>) {
  const [words, setWords] = useRemembered("find", "");
  const [name, setName] = useRemembered("name", "");
  const [order, setOrder] = useRemembered("order", "run");
  const [otherKey, setOther] = useRemembered("with", "");
  const siblings = useSiblings();
  const other = useSibling(
    siblings.find(({ key }) => key === otherKey),
    (bytes, of) => readCountersView(parseJson(bytes, of)),
  );
  const names = useMemo(() => counterNames(counters), [counters]);
  const rows = useMemo(
    () => listedCounters(counters, { words, name, largestFirst: order === "largest" }),
    [counters, words, name, order],
  );
  const compared = other?.state === "here" ? other.value : undefined;
  const differences = useMemo(
    () => compared && counterDifferences(found(counters, { words, name }), found(compared, { words, name })),
    [counters, compared, words, name],
  );
  return (
    <div class="counters">
      <div class="tools">
        <label>
          find
          <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
        <label>
          counter
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            <option value="">all</option>
            {[...names].map(([each, count]) => (
              <option key={each} value={each}>
                {each} ({count})
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={order === "largest"}
            onChange={(event) => setOrder(event.currentTarget.checked ? "largest" : "run")}
          />
          largest first
        </label>
        <SiblingChoice label="compare with" none="nothing" siblings={siblings} chosen={otherKey} choose={setOther} />
        <span class="soft">
          {exactLabel(rows.length)} of {exactLabel(counters.length)}
        </span>
      </div>
      {other?.state === "failed" && <p class="notice fault">{other.reason}</p>}
      {differences === undefined ? (
        <CountersTable rows={rows} title={title} />
      ) : (
        <DifferencesTable differences={differences} title={title} />
      )}
    </div>
  );
}

interface CountersTableProps {
  readonly rows: readonly ListedCounter[];
  readonly title: string;
}

function CountersTable({ rows, title }: CountersTableProps) {
  const { scroller, from, until } = useVisibleRows(rows.length, ROW_PIXELS);
  return (
    <section class="table-panel" ref={scroller} aria-label={title}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th>owner</th>
            <th>counter</th>
            <th class="number">value</th>
            <th>unit</th>
            <th class="bar-column">of the largest</th>
          </tr>
        </thead>
        <tbody>
          <tr class="gap" style={{ height: `${from * ROW_PIXELS}px` }} />
          {rows.slice(from, until).map(({ owner, name: own, unit, value, share }, at) => (
            <tr key={from + at} aria-rowindex={from + at + 2}>
              <td>{owner ?? "the run"}</td>
              <td>{own}</td>
              <td class="number">{exactLabel(value)}</td>
              <td>{unit}</td>
              <td>
                <i class="bar" style={{ width: `${(100 * share).toFixed(2)}%` }} />
              </td>
            </tr>
          ))}
          <tr class="gap" style={{ height: `${(rows.length - until) * ROW_PIXELS}px` }} />
        </tbody>
      </table>
    </section>
  );
}
