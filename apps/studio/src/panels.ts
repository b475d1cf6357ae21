/** Which panel shows which kind of view. */

import { CountersPanel } from "./counters/counters-panel.tsx";
import { GraphPanel } from "./graph/graph-panel.tsx";
import { type AnyPanel, jsonPanel } from "./panel.ts";
import { UnitsPanel } from "./partition/units-panel.tsx";
import { PassesPanel } from "./passes/passes-panel.tsx";
import { PlacementPanel } from "./placement/placement-panel.tsx";
import { PointsPanel } from "./points/points-panel.tsx";
import { StudyPanel } from "./study/study-panel.tsx";
import { TablePanel } from "./table/table-panel.tsx";
import { TextPanel } from "./text/text-panel.tsx";
import { TimelinePanel } from "./timeline/timeline-panel.tsx";
import { readCountersView } from "./view/counters.ts";
import type { ViewKind } from "./view/documents.ts";
import { readGraphView } from "./view/graph.ts";
import { readPassesView } from "./view/passes.ts";
import { readPlacementView } from "./view/placement.ts";
import { readPointsView } from "./view/points.ts";
import { readStudyView } from "./view/study.ts";
import { readTableView } from "./view/table.ts";
import { readTextView } from "./view/text.ts";
import { readTimelineView } from "./view/timeline.ts";
import { readUnitsView } from "./view/units.ts";

/** The panel of each kind that this page can show. */
export const panels: Readonly<Partial<Record<ViewKind, AnyPanel>>> = {
  graph: jsonPanel(readGraphView, GraphPanel),
  timeline: { read: readTimelineView, Show: TimelinePanel },
  passes: jsonPanel(readPassesView, PassesPanel),
  text: jsonPanel(readTextView, TextPanel),
  study: jsonPanel(readStudyView, StudyPanel),
  points: jsonPanel(readPointsView, PointsPanel),
  units: jsonPanel(readUnitsView, UnitsPanel),
  placement: jsonPanel(readPlacementView, PlacementPanel),
  counters: jsonPanel(readCountersView, CountersPanel),
  table: jsonPanel(readTableView, TablePanel),
};

/** The panel of a kind of view, if this page has one. */
export function panelOf(kind: string): AnyPanel | undefined {
  return Object.hasOwn(panels, kind) ? panels[kind as ViewKind] : undefined;
}
