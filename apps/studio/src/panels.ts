/** Which panel shows which kind of view. */
import { type AnyPanel, jsonPanel } from "./panel.ts";
import { PointsPanel } from "./points/points-panel.tsx";
import { StudyPanel } from "./study/study-panel.tsx";
import { TablePanel } from "./table/table-panel.tsx";
import type { ViewKind } from "./view/kinds.ts";
import { readPointsView } from "./view/points.ts";
import { readStudyView } from "./view/study.ts";
import { readTableView } from "./view/table.ts";

/** The panel of each kind that this page can show. */
export const panels: Readonly<Partial<Record<ViewKind, AnyPanel>>> = {
  study: jsonPanel(readStudyView, StudyPanel),
  points: jsonPanel(readPointsView, PointsPanel),
  table: jsonPanel(readTableView, TablePanel),
};
