/** Request traces: when each request came, how long its prompt was and how much was generated. */
import { SieveError } from "../errors.ts";

/** Requests in order of arrival; the arrays run parallel. */
export interface RequestTrace {
  /** From the first request. */
  readonly arrivalNs: Float64Array;
  readonly promptTokens: Uint32Array;
  /** At least 1. */
  readonly outputTokens: Uint32Array;
}

const LONGEST = 2 ** 24;

/**
 * Reads a CSV file with a header: a column of arrival times (`ms_since_first_request`, or `TIMESTAMP` as Azure writes
 * it), one of prompt tokens (`context_tokens`, `ContextTokens`) and one of output tokens (`generated_tokens`,
 * `GeneratedTokens`).
 *
 * @throws {SieveError} `requests` with file and line if a column is missing or a value is not what it should be.
 *
 * @example
 * ```ts
 * const text = "ms_since_first_request,context_tokens,generated_tokens\n0,374,44\n4314.6,396,109\n";
 * readRequests(text).arrivalNs[1]; // => 4314600000
 * ```
 */
export function readRequests(text: string, name = "requests"): RequestTrace {
  const lines = text.split(/\r?\n/);
  const columns = columnsOf(lines[0] ?? "", name);
  const rows: [number, number, number][] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === "") continue;
    rows.push(rowOf(line, columns, `${name}:${at + 1}`));
  }
  if (rows.length === 0) throw new SieveError("requests", `${name}: holds no requests`, { path: name });
  const first = rows.reduce((least, row) => Math.min(least, row[0]), Number.POSITIVE_INFINITY);
  rows.sort((a, b) => a[0] - b[0]);
  return {
    arrivalNs: Float64Array.from(rows, (row) => (row[0] - first) * 1e6),
    promptTokens: Uint32Array.from(rows, (row) => row[1]),
    outputTokens: Uint32Array.from(rows, (row) => row[2]),
  };
}

interface Columns {
  readonly time: number;
  readonly dated: boolean;
  readonly prompt: number;
  readonly output: number;
}

function columnsOf(header: string, name: string): Columns {
  const words = header.split(",").map((word) => word.trim().toLowerCase());
  const find = (...names: string[]): number => words.findIndex((word) => names.includes(word));
  const dated = find("timestamp");
  const time = dated >= 0 ? dated : find("ms_since_first_request");
  const prompt = find("context_tokens", "contexttokens");
  const output = find("generated_tokens", "generatedtokens");
  if (time >= 0 && prompt >= 0 && output >= 0) return { time, dated: dated >= 0, prompt, output };
  const missing = [
    [time, "ms_since_first_request"],
    [prompt, "context_tokens"],
    [output, "generated_tokens"],
  ].flatMap(([at, column]) => ((at as number) < 0 ? [column] : []));
  throw new SieveError("requests", `${name}:1: the header has no column ${missing.join(" and none ")}`, {
    path: `${name}:1`,
    hint: "expected ms_since_first_request,context_tokens,generated_tokens",
  });
}

function rowOf(line: string, { time, dated, prompt, output }: Columns, place: string): [number, number, number] {
  const cells = line.split(",").map((cell) => cell.trim());
  const text = cells[time] ?? "";
  const milliseconds = dated ? Date.parse(`${text.replace(" ", "T").replace(/(\.\d{3})\d*/, "$1")}Z`) : number(text);
  if (!Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new SieveError("requests", `${place}: "${text}" is no time`, { path: place });
  }
  return [milliseconds, tokens(cells[prompt], place), tokens(cells[output], place)];
}

function number(text: string): number {
  return text === "" ? Number.NaN : Number(text);
}

function tokens(text: string | undefined, place: string): number {
  const value = number(text ?? "");
  if (Number.isInteger(value) && value >= 1 && value <= LONGEST) return value;
  throw new SieveError("requests", `${place}: "${text ?? ""}" is no number of tokens from 1 to ${LONGEST}`, {
    path: place,
  });
}
