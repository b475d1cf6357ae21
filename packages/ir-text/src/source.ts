/** A text that spans point into. */
export interface Source {
  /** The name shown in messages: a path, or `<expression>` for text that is in no file. */
  readonly name: string;
  readonly text: string;
  /** Number of the first line of `text`: 1, unless `text` is an excerpt of a longer file that was never held whole. */
  readonly firstLine?: number;
}

/**
 * A stretch of a source: UTF-16 offsets into its text, `end` exclusive.
 *
 * `start === end` is a place between two characters, or the end of the text.
 */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** The smallest span that covers both, which must lie in one source. */
export function joinSpans(first: Span, last: Span): Span {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
