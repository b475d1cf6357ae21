/** YAML texts whose every node has its place: what readers of configurations and of pipelines share. */
import type { Diagnostic, Source, Span } from "@millrace/ir-text";
import { type Document, isScalar, type Node, type Pair, parseDocument } from "yaml";

const LONGEST = 1 << 20;

/** How a text is read, and what its faults are called. */
export interface YamlReading {
  /** Code of diagnostics. */
  readonly code: string;
  /** What the text is: `a configuration`. */
  readonly what: string;
  /** Whether a key that comes twice is a fault of the syntax; otherwise the reader says it. */
  readonly uniqueKeys?: boolean;
}

/** The document of a text, or why it is none. Total: any text gives one or the other. */
export function readYaml(
  source: Source,
  { code, what, uniqueKeys = true }: YamlReading,
): { readonly document: Document } | { readonly faults: readonly Diagnostic[] } {
  const fault = (message: string, span: Span): Diagnostic => ({ severity: "error", code, message, span });
  if (source.text.length > LONGEST) {
    return { faults: [fault(`${what} is at most a megabyte of text`, yamlSpan(source, 0, 1))] };
  }
  let document: Document;
  try {
    document = parseDocument(source.text, { logLevel: "error", prettyErrors: false, uniqueKeys });
  } catch (cause) {
    // The parser recurses: a text nested ten thousand deep ends here.
    return { faults: [fault(`not YAML: ${(cause as Error).message}`, yamlSpan(source, 0, 1))] };
  }
  if (document.errors.length === 0) return { document };
  return {
    faults: document.errors.map(({ message, pos }) =>
      fault(`not YAML: ${message.split("\n")[0]!}`, yamlSpan(source, ...pos)),
    ),
  };
}

/** The key of a pair as text. */
export function yamlKey({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Where a node is written; undefined for one that is not. */
export function yamlRange(node: Node | null | undefined): { readonly start: number; readonly end: number } | undefined {
  return node?.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** A span that lies within the text and is not empty where the text has a character for it. */
export function yamlSpan(source: Source, start: number, end: number): Span {
  const { length } = source.text;
  return { source, start: Math.min(start, length), end: Math.min(Math.max(end, start + 1), length) };
}
