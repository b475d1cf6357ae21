/** A program as a graph, with where its time went and what travelled: the panel. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { exactLabel } from "../chart/number-label.ts";
import type { PanelProps } from "../panel.ts";
import { useRemembered } from "../shell/address.ts";
import { useKeys } from "../shell/keys.ts";
import type { GraphView } from "../view/graph.ts";
import { centred, fitted, parseCamera, printCamera, zoomed } from "./camera.ts";
import "./graph.css";
import { GraphCanvas, type GraphHold } from "./graph-canvas.tsx";
import { follow, useFolding } from "./graph-state.ts";
import { NodeFacts } from "./node-facts.tsx";
import { CAUSES, type Scene, sceneOf, type Traffic } from "./scene.ts";
import { searchNodes } from "./search.ts";

/** The panel of graphs. */
export function GraphPanel({ document }: PanelProps<GraphView>) {
  const folding = useFolding(document);
  const { shown } = folding;
  const scene = useMemo(() => sceneOf(shown, document.cycles), [shown, document.cycles]);
  const [selected, setSelected] = useRemembered("select", "");
  const [wanted, setWanted] = useRemembered("search", "");
  const [camera, setCamera] = useRemembered("camera", "");
  const hasTokens = useMemo(() => document.edges.some(({ tokens }) => tokens !== undefined), [document]);
  const [traffic, setTraffic] = useRemembered("traffic", hasTokens ? "tokens" : "bytes");
  const found = useMemo(() => searchNodes(folding.graph, wanted), [folding.graph, wanted]);
  const foundPlaces = useMemo(
    () => (found === undefined ? undefined : new Set(found.map(({ id }) => shown.placeOf.get(id)!))),
    [found, shown],
  );
  const chosen = useMemo(
    () => shown.placeOf.get(selected) ?? shown.nodes.findIndex(({ id }) => id === selected),
    [shown, selected],
  );
  const hold = useRef<GraphHold>(undefined);
  const search = useRef<HTMLInputElement>(null);
  const zoom = (factor: number) => () =>
    hold.current?.move((now, { width, height }) => zoomed(now, factor, { x: width / 2, y: height / 2 }));
  const show = (place: number) =>
    hold.current?.move((now, size) =>
      centred(scene.layout.x[place]!, scene.layout.y[place]!, { ...size, scale: now.scale }),
    );
  const choose = (place: number) => setSelected(shown.nodes[place]?.id ?? "");
  const go = (place: number) => {
    choose(place);
    if (place >= 0) show(place);
  };
  const toggle = (place: number) => {
    const node = shown.nodes[place];
    const group = node?.folded ?? folding.graph.nodes.find(({ id }) => id === node?.id)?.group;
    if (group !== undefined) folding.toggle(group);
  };
  const toFound = (step: number) => () => {
    if (found === undefined || found.length === 0) return;
    const at = found.findIndex(({ id }) => id === selected);
    const next = found[at < 0 ? 0 : (at + step + found.length) % found.length]!;
    folding.reveal(next.group);
    setSelected(next.id);
    show(shown.placeOf.get(next.id)!);
  };
  useSteadyScene(scene, () => (chosen >= 0 ? show(chosen) : fit()));
  const fit = () => hold.current?.move((_, size) => fitted(scene.layout.box, size));
  useKeys("Graph", [
    { key: "/", does: "search", run: () => search.current?.focus() },
    { key: "n", does: "next node found", run: toFound(1) },
    { key: "N", does: "node found before", run: toFound(-1) },
    { key: "ArrowDown", does: "along an edge", run: () => go(follow(shown, chosen, "down")) },
    { key: "ArrowUp", does: "back along an edge", run: () => go(follow(shown, chosen, "up")) },
    { key: "ArrowRight", does: "next node of the same producer", run: () => go(follow(shown, chosen, 1)) },
    { key: "ArrowLeft", does: "node before of the same producer", run: () => go(follow(shown, chosen, -1)) },
    { key: "Enter", does: "open or fold the group", run: () => toggle(chosen) },
    { key: "e", does: "open all groups", run: folding.openAll },
    { key: "c", does: "fold all groups", run: folding.foldAll },
    { key: "0", does: "show all", run: fit },
    { key: "+", does: "nearer", run: zoom(1.4) },
    { key: "-", does: "farther", run: zoom(1 / 1.4) },
    { key: "Escape", does: "choose nothing", run: () => setSelected("") },
  ]);
  return (
    <div class="graph-panel">
      <div class="graph-tools">
        <input
          ref={search}
          type="search"
          placeholder="Search (/)"
          aria-label="Search nodes by name, kind or id"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && toFound(1)()}
        />
        {found !== undefined && <span class="soft">{exactLabel(found.length)} found</span>}
        <label>
          Edges{" "}
          <select value={traffic} onChange={(event) => setTraffic(event.currentTarget.value)}>
            <option>tokens</option>
            <option>bytes</option>
            <option>none</option>
          </select>
        </label>
        {folding.groups.size > 0 && (
          <>
            <button type="button" onClick={folding.openAll} title="Open all groups (e)">
              Open
            </button>
            <button type="button" onClick={folding.foldAll} title="Fold all groups (c)">
              Fold
            </button>
          </>
        )}
        <button type="button" onClick={fit} title="Show all (0)">
          All
        </button>
        <Legend shares={scene.shares} />
        <span class="soft">
          {exactLabel(document.nodes.length)} nodes, {exactLabel(document.edges.length)} edges
          {shown.nodes.length < document.nodes.length && `; ${exactLabel(shown.nodes.length)} shown`}
          {document.cycles !== undefined && `; ${exactLabel(document.cycles)} cycles`}
        </span>
      </div>
      <div class="graph-stage">
        <div class="graph-box">
          <GraphCanvas
            scene={scene}
            traffic={traffic as Traffic}
            chosen={chosen}
            found={foundPlaces}
            camera={parseCamera(camera)}
            hold={hold}
            choose={choose}
            open={toggle}
            rested={(at) => setCamera(printCamera(at))}
          />
        </div>
        {chosen >= 0 && <NodeFacts scene={scene} node={chosen} choose={go} open={toggle} />}
      </div>
    </div>
  );
}

// A scene that was laid out anew has moved everything: what was looked at comes back to the middle.
function useSteadyScene(scene: Scene, settle: () => void): void {
  const before = useRef(scene);
  useLayoutEffect(() => {
    if (before.current !== scene) settle();
    before.current = scene;
  }, [scene]);
}

function Legend({ shares }: { readonly shares: Float64Array }) {
  if (shares.every((share) => share === 0)) return null;
  return (
    <span class="graph-legend">
      {CAUSES.map((cause) => (
        <span key={cause}>
          <i class={`swatch ${cause}`} /> {cause}
        </span>
      ))}
    </span>
  );
}
