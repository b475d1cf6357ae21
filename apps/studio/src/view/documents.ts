import type { CountersView } from "./counters.ts";
import type { GraphView } from "./graph.ts";
import type { PassesView } from "./passes.ts";
import type { PlacementView } from "./placement.ts";
import type { PointsView } from "./points.ts";
import type { StudyView } from "./study.ts";
import type { TableView } from "./table.ts";
import type { TextView } from "./text.ts";
import type { UnitsView } from "./units.ts";

/** What each kind of view holds: a plain JSON document, or the bytes of a file that has a format of its own. */
export interface ViewDocuments {
  readonly graph: GraphView;
  readonly passes: PassesView;
  readonly study: StudyView;
  readonly points: PointsView;
  readonly units: UnitsView;
  readonly placement: PlacementView;
  readonly counters: CountersView;
  readonly table: TableView;
  readonly text: TextView;
  /** A Perfetto trace. */
  readonly timeline: Uint8Array;
}

/** A kind of view. */
export type ViewKind = keyof ViewDocuments;
