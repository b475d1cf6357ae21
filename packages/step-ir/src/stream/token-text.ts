/** Streams of scalars as text, such as `1.2.S1.3.S2.D`. */
import { DiagnosticBag, type Source, type Span } from "@millrace/ir-text";
import { Stop, stop, type Token } from "./tokens.ts";

/**
 * Reads a stream of `rank`: tokens between points or white space, `S1`, `S2`, … for stops, `D` for the end; everything else
 * is a value, a number or a word.
 *
 * @throws {DiagnosticError} with the place of every token that is wrong.
 */
export function parseTokens(source: Source, rank: number): Token<number | string>[] {
  const bag = new DiagnosticBag();
  const tokens: Token<number | string>[] = [];
  let ended: Span | undefined;
  let last: Span = { source, start: 0, end: 0 };
  for (const match of source.text.matchAll(/[^.\s]+|\.(?=\s*\.)|^\s*\./g)) {
    const span: Span = { source, start: match.index, end: match.index + match[0].length };
    const fault = (message: string): void => bag.report({ severity: "error", code: "stream-malformed", message, span });
    const word = match[0];
    if (ended !== undefined) {
      fault("nothing may follow 'D', the end of the stream");
      break;
    }
    last = span;
    if (word === "D") ended = span;
    else if (/^S[0-9]+$/.test(word)) {
      const level = Number(word.slice(1));
      if (level >= 1 && level <= rank) tokens.push(stop(level));
      else if (rank === 0) fault(`a stream of rank 0 has no stops, found '${word}'`);
      else fault(`a stop of a stream of rank ${rank} is one of S1 to S${rank}, found '${word}'`);
    } else if (/^-?[0-9]+$/.test(word)) tokens.push(Number(word));
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) tokens.push(word);
    else fault(`expected a value, a stop or 'D', found '${word}'`);
  }
  if (ended === undefined) {
    const span = { source, start: source.text.length, end: source.text.length };
    bag.report({ severity: "error", code: "stream-malformed", message: "expected 'D' at the end of the stream", span });
  } else if (!bag.failed && rank > 0 && tokens.length > 0) {
    const final = tokens.at(-1);
    if (!(final instanceof Stop && final.level === rank)) {
      const message = `the stream ends inside a group: expected 'S${rank}' before 'D'`;
      bag.report({ severity: "error", code: "stream-malformed", message, span: last });
    }
  }
  bag.throwIfFailed();
  return tokens;
}

/** The text of a stream; `print` writes its values. */
export function printTokens<V>(tokens: readonly Token<V>[], print: (value: V) => string = String): string {
  return [...tokens.map((token) => (token instanceof Stop ? String(token) : print(token))), "D"].join(".");
}
