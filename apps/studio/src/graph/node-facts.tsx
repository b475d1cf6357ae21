import { exactLabel, shareLabel } from "../chart/number-label.ts";
import type { ShownEdge, ShownGraph } from "./fold.ts";
import { CAUSES, type Scene } from "./scene.ts";

interface NodeFactsProps {
  readonly scene: Scene;
  readonly node: number;
  readonly choose: (node: number) => void;
  readonly open: (node: number) => void;
}

/** What is known of the chosen node, with its edges to follow. */
export function NodeFacts({ scene, node, choose, open }: NodeFactsProps) {
  const { shown, shares } = scene;
  const { label, kind, id, folded, size, counters } = shown.nodes[node]!;
  const others = Object.entries(counters).filter(([name]) => !(CAUSES as readonly string[]).includes(name));
  return (
    <aside class="node-facts" aria-label="The chosen node" aria-live="polite">
      <h3>{label.replaceAll("\n", ", ")}</h3>
      <p class="soft">{folded === undefined ? `${kind} ${id}` : `group of ${exactLabel(size)} nodes`}</p>
      {folded !== undefined && (
        <button type="button" onClick={() => open(node)}>
          Open it (Enter)
        </button>
      )}
      <dl>
        {CAUSES.map((cause, at) =>
          counters[cause] === undefined ? null : (
            <div key={cause}>
              <dt>
                <i class={`swatch ${cause}`} /> {cause}
              </dt>
              <dd>
                {exactLabel(counters[cause])} <small>{shareLabel(shares[3 * node + at]!)}</small>
              </dd>
            </div>
          ),
        )}
        {others.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{exactLabel(value)}</dd>
          </div>
        ))}
      </dl>
      <Edges title="From" shown={shown} of={edgesOf(shown, node, "to")} end="from" choose={choose} />
      <Edges title="To" shown={shown} of={edgesOf(shown, node, "from")} end="to" choose={choose} />
    </aside>
  );
}

/** The edges that have a node at one of their ends, in their own order. */
export function edgesOf({ edges }: ShownGraph, node: number, end: "from" | "to"): readonly ShownEdge[] {
  return edges.filter((edge) => edge[end] === node);
}

/** Edges listed at most; a node with thousands would bury the page. */
const MOST_LISTED = 100;

interface EdgesProps {
  readonly title: string;
  readonly shown: ShownGraph;
  readonly of: readonly ShownEdge[];
  readonly end: "from" | "to";
  readonly choose: (node: number) => void;
}

function Edges({ title, shown, of, end, choose }: EdgesProps) {
  if (of.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {of.slice(0, MOST_LISTED).map((edge) => (
          <li key={edge[end]}>
            <button type="button" class="plain" onClick={() => choose(edge[end])}>
              {shown.nodes[edge[end]]!.label.replaceAll("\n", ", ")}
            </button>
            <small> {edgeText(edge)}</small>
          </li>
        ))}
        {of.length > MOST_LISTED && <li class="soft">and {exactLabel(of.length - MOST_LISTED)} more</li>}
      </ul>
    </>
  );
}

function edgeText({ edges, tokens, bytes }: ShownEdge): string {
  const [edge] = edges;
  const parts = [
    edges.length > 1 ? `${edges.length} edges` : (edge?.label ?? ""),
    tokens > 0 ? `${exactLabel(tokens)} tokens` : "",
    bytes > 0 ? `${exactLabel(bytes)} bytes` : "",
    edges.length === 1 && edge?.highWater !== undefined
      ? `at most ${exactLabel(edge.highWater)}${edge.capacity === undefined ? "" : ` of ${exactLabel(edge.capacity)}`} held`
      : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
