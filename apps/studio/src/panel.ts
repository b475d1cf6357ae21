/** A panel: how views of one kind are read and shown. */
import type { ComponentType } from "preact";
import { parseJson } from "./read/checked.ts";

/** What a panel is given. */
export interface PanelProps<Document> {
  readonly document: Document;
  /** The view's title, for names of files and for readers of screens. */
  readonly title: string;
}

/** A panel for documents of one form. */
export interface Panel<Document> {
  /** @throws {StudioError} with the place of the first fault */
  read(bytes: Uint8Array, of: string): Document;
  readonly Show: ComponentType<PanelProps<Document>>;
}

/** A panel of any kind, as the registry holds them: its document goes from `read` to `Show` unseen. */
// biome-ignore lint/suspicious/noExplicitAny: each panel's own type ties the two ends together.
export type AnyPanel = Panel<any>;

/** A panel whose document is JSON, read by `read`. */
export function jsonPanel<Document>(
  read: (json: unknown) => Document,
  Show: ComponentType<PanelProps<Document>>,
): Panel<Document> {
  return { read: (bytes, of) => read(parseJson(bytes, of)), Show };
}
