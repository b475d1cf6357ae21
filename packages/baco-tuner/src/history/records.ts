/**
 * The lines of a study log: JSON, one record each, appended and never changed.
 *
 * A line is `<checksum> <record>`: eight hexadecimal digits of the CRC-32 over all records up to and including this
 * one, so that a line that was lost, changed or cut is noticed.
 */
import type { Config } from "../space/parameter.ts";
import type { Explanation, Outcome, Phase } from "../study/trial.ts";
import { checksum } from "./checksum.ts";

/** What the log is a log of. A study is resumed only where `scenario` and `environment` are the same. */
export interface LogHeader {
  readonly record: "study";
  readonly format: "millrace-study/1";
  /** Checksum of the space and the settings. */
  readonly scenario: string;
  readonly seed: number | string;
  /** What the measurements depend on: device, toolchain, ... as the caller names them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A configuration was asked; `fit` holds the logarithms of the hyper-parameters it was chosen with. */
export interface AskRecord {
  readonly record: "ask";
  readonly id: number;
  readonly config: Config;
  readonly phase: Phase;
  readonly why?: Explanation;
  readonly fit?: readonly number[];
}

/** An outcome was told. */
export interface TellRecord {
  readonly record: "tell";
  readonly id: number;
  readonly outcome: Outcome;
  /** Milliseconds that the evaluation took, if the caller measured them. */
  readonly runMs?: number;
}

/** From here on the study runs in another environment, because the user wanted it so. */
export interface ResumeRecord {
  readonly record: "resume";
  readonly environment: Readonly<Record<string, string>>;
}

/** One record of a study log. */
export type LogRecord = LogHeader | AskRecord | TellRecord | ResumeRecord;

/** Where a log stops being readable. */
export interface LogDamage {
  /** From 1. */
  readonly line: number;
  /** UTF-16 offset of the line; everything from here on is to be cut. */
  readonly offset: number;
  readonly message: string;
}

/** The readable records of a log: those before the first damage. */
export interface ReadLog {
  readonly records: readonly LogRecord[];
  /** The checksum that the next line goes on from. */
  readonly checksum: number;
  readonly damage: LogDamage | undefined;
}

/** A record as a line, with the checksum to go on from. */
export function writeRecord(record: LogRecord, before: number): { readonly line: string; readonly checksum: number } {
  const text = JSON.stringify(record);
  const after = checksum(text, before);
  return { line: `${hexadecimal(after)} ${text}\n`, checksum: after };
}

function hexadecimal(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Reads a log up to its first damaged line; what follows is not trusted. */
export function readRecords(text: string): ReadLog {
  const records: LogRecord[] = [];
  let before = 0;
  let offset = 0;
  for (let line = 1; offset < text.length; line++) {
    const end = text.indexOf("\n", offset);
    const damaged = (message: string): ReadLog => ({ records, checksum: before, damage: { line, offset, message } });
    if (end < 0) return damaged("the last line is cut off");
    const content = text.slice(offset + 9, end);
    const after = checksum(content, before);
    if (text.slice(offset, offset + 9) !== `${hexadecimal(after)} `)
      return damaged("the checksum does not fit the line and those before it");
    records.push(JSON.parse(content) as LogRecord);
    before = after;
    offset = end + 1;
  }
  return { records, checksum: before, damage: undefined };
}
