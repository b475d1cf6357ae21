/** The expression with faults underlined where they are. */
import type { FaultSpan } from "./answer.ts";

interface ExpressionEditorProps {
  readonly text: string;
  /** Faults of this text; none while it is being looked at. */
  readonly spans: readonly FaultSpan[];
  change(text: string): void;
}

/** The field; marks stand behind its text, letter below letter. */
export function ExpressionEditor({ text, spans, change }: ExpressionEditorProps) {
  return (
    <div class="expression">
      <pre aria-hidden="true">{marked(text, spans)}</pre>
      <textarea
        rows={Math.max(2, text.split("\n").length)}
        value={text}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        aria-label="Expression in index notation"
        aria-invalid={spans.length > 0}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </div>
  );
}

interface Piece {
  readonly from: number;
  readonly text: string;
  readonly fault: string | undefined;
}

/** The text in pieces, those with faults apart; overlapping faults count once, the first of them. */
export function piecesOf(text: string, spans: readonly FaultSpan[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, message } of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const from = Math.max(at, Math.min(start, text.length));
    // A fault at the end of the text is shown on what stands there, or on a blank.
    const until = Math.max(from, Math.min(Math.max(end, start + 1), text.length));
    if (from === until && from < text.length) continue;
    if (from > at) pieces.push({ from: at, text: text.slice(at, from), fault: undefined });
    pieces.push({ from, text: from === until ? " " : text.slice(from, until), fault: message });
    at = until;
  }
  if (at < text.length) pieces.push({ from: at, text: text.slice(at), fault: undefined });
  return pieces;
}

function marked(text: string, spans: readonly FaultSpan[]) {
  return piecesOf(text, spans).map(({ from, text: piece, fault }) =>
    fault === undefined ? piece : <mark key={`${from} ${piece}`}>{piece}</mark>,
  );
}
