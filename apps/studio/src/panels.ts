/** Which panel shows which kind of view. */
import { type AnyPanel, jsonPanel } from "./panel.ts";
import { TablePanel } from "./table/table-panel.tsx";
import type { ViewKind } from "./view/kinds.ts";
import { readTableView } from "./view/table.ts";

/** The panel of each kind that this page can show. */
export const panels: Readonly<Partial<Record<ViewKind, AnyPanel>>> = {
  table: jsonPanel(readTableView, TablePanel),
};
