export type { StudioErrorCode } from "./errors.ts";
export { StudioError } from "./errors.ts";
export { pageFile } from "./page-file.ts";
export type { BrokenRun, ListedRun, RunList } from "./run/run-list.ts";
export { readRunList } from "./run/run-list.ts";
export type { RunRecord, RunView } from "./run/run-record.ts";
export { readRunRecord, staysInside } from "./run/run-record.ts";
export type { Island } from "./source/island.ts";
export { fileKey, withIsland } from "./source/island.ts";
export type { Counter, CountersView } from "./view/counters.ts";
export { readCountersView } from "./view/counters.ts";
export type { ViewDocuments, ViewKind } from "./view/documents.ts";
export type { GraphEdge, GraphNode, GraphView } from "./view/graph.ts";
export { readGraphView } from "./view/graph.ts";
export type { PassesView, PassStage } from "./view/passes.ts";
export { readPassesView } from "./view/passes.ts";
export type { PlacedExpert, PlacementDevice, PlacementTime, PlacementView } from "./view/placement.ts";
export { readPlacementView } from "./view/placement.ts";
export type { DesignPoint, PointsAxis, PointsView } from "./view/points.ts";
export { readPointsView } from "./view/points.ts";
export type {
  Goal,
  StudyEvaluations,
  StudyImportance,
  StudyObjective,
  StudyParameter,
  StudyView,
} from "./view/study.ts";
export { readStudyView } from "./view/study.ts";
export type { Cell, TableColumn, TableView } from "./view/table.ts";
export { readTableView } from "./view/table.ts";
export type { TextView } from "./view/text.ts";
export { readTextView } from "./view/text.ts";
export type { UnitsView } from "./view/units.ts";
export { readUnitsView } from "./view/units.ts";
