/** Wraps text in the style of one part of a diagnostic. */
type Brush = (text: string) => string;

/** One style for each part of a diagnostic. */
export interface Paint {
  readonly error: Brush;
  readonly warning: Brush;
  readonly note: Brush;
  readonly strong: Brush;
  readonly gutter: Brush;
  readonly mark: Brush;
}

const plain: Brush = (text) => text;
const plainPaint: Paint = { error: plain, warning: plain, note: plain, strong: plain, gutter: plain, mark: plain };

/** The escapes that terminals take for colours. */
const colored: Paint = {
  error: brush("1;31"),
  warning: brush("1;33"),
  note: brush("1;36"),
  strong: brush("1"),
  gutter: brush("34"),
  mark: brush("1;31"),
};

/** The styles for a terminal with colours, or ones that change nothing. */
export function paintFor(color: boolean): Paint {
  return color ? colored : plainPaint;
}

function brush(code: string): Brush {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}
