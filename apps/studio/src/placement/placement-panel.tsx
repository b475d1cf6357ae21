/** Where experts run: how long each device takes, and which experts, by their tokens, are on which. */
import { useMemo } from "preact/hooks";
import { RowBar } from "../chart/bars.tsx";
import { seriesNames } from "../chart/inks.ts";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { PlacementView } from "../view/placement.ts";
import { byExpert } from "./by-expert.ts";
import { ExpertBars } from "./expert-bars.tsx";
import "../chart/chart.css";
import "../study/study.css";
import "./placement.css";

/** The panel of views of the kind `placement`. */
export function PlacementPanel({ document: view }: PanelProps<PlacementView>) {
  const { label, devices, times, notes } = view;
  const experts = useMemo(() => byExpert(view), [view]);
  const kinds = useMemo(() => [...new Set(devices.map(({ kind }) => kind))], [devices]);
  const [text, setText] = useRemembered("select", "");
  const at = experts.findIndex(({ expert }) => String(expert) === text);
  const chosen = experts[at];
  const colorOf = (device: number) => `var(${seriesNames[kinds.indexOf(devices[device]!.kind) % seriesNames.length]})`;
  const step = (by: number) => () => {
    const next = experts[at < 0 ? (by > 0 ? 0 : experts.length - 1) : at + by];
    if (next !== undefined) setText(String(next.expert));
  };
  useKeys("Experts", [
    { key: "ArrowRight", does: "next expert, which has fewer tokens", run: step(1) },
    { key: "ArrowLeft", does: "expert before, which has more", run: step(-1) },
    { key: "Escape", does: "all experts", run: () => setText("") },
  ]);
  const longest = [...devices, ...times].reduce((most, { ns }) => Math.max(most, ns), 1);
  const tokensOn = (device: number) =>
    experts.reduce((sum, { shares }) => sum + (shares.find((share) => share.device === device)?.tokens ?? 0), 0);
  const expertsOn = (device: number) =>
    experts.filter(({ shares }) => shares.some((share) => share.device === device)).length;
  return (
    <div class="charts placement">
      <p class="soft">{label}</p>
      <section>
        <h3>Time of each device</h3>
        {devices.map(({ name, ns }, device) => (
          <RowBar
            key={name}
            name={name}
            share={ns / longest}
            value={microseconds(ns)}
            color={colorOf(device)}
            title={`${name}: ${microseconds(ns)}, ${expertsOn(device)} experts with ${tokensOn(device)} tokens`}
          />
        ))}
        {times.map(({ name, ns }) => (
          <RowBar key={name} name={name} share={ns / longest} value={microseconds(ns)} color="var(--soft)" />
        ))}
      </section>
      <section>
        <h3>Tokens of each expert</h3>
        <ExpertBars
          {...{ view, experts, colorOf }}
          chosen={chosen?.expert}
          choose={(expert) => setText(String(expert) === text ? "" : String(expert))}
        />
        <ul class="legend">
          {kinds.map((kind, place) => (
            <li key={kind}>
              <i style={{ background: `var(${seriesNames[place % seriesNames.length]})` }} />
              {kind}: {expertsOfKind(view, experts, kind)} experts
            </li>
          ))}
        </ul>
        {chosen !== undefined && (
          <p aria-live="polite">
            <b>Expert {chosen.expert}</b>: {exactLabel(chosen.tokens)} tokens,{" "}
            {chosen.shares.map(({ device, tokens }) => `${tokens} on ${devices[device]!.name}`).join(", ")}
          </p>
        )}
      </section>
      {notes.length > 0 && (
        <section>
          <h3>Why</h3>
          {notes.map((note) => (
            <p key={note} class="note">
              {note}
            </p>
          ))}
        </section>
      )}
    </div>
  );
}

function expertsOfKind({ devices }: PlacementView, experts: ReturnType<typeof byExpert>, kind: string): number {
  return experts.filter(({ shares }) => shares.some(({ device }) => devices[device]!.kind === kind)).length;
}

function microseconds(ns: number): string {
  return `${exactLabel(Number((ns / 1000).toPrecision(4)))} µs`;
}
