/**
 * A study that writes everything down before it takes effect, and goes on from what was written.
 *
 * After a crash, at most the evaluations that were running are lost: they are given out again, first and in order,
 * and every later suggestion is the one that would have come.
 */
import { TunerError } from "../errors.ts";
import { writeScenario } from "../scenario/write-scenario.ts";
import type { Space } from "../space/space.ts";
import { Study, type StudyOptions } from "../study/study.ts";
import type { Outcome, Trial } from "../study/trial.ts";
import { packLogarithms, unpackLogarithms } from "../surrogate/log-posterior.ts";
import { checksum } from "./checksum.ts";
import {
  type AskRecord,
  type LogDamage,
  type LogHeader,
  type LogRecord,
  readRecords,
  type TellRecord,
  writeRecord,
} from "./records.ts";

/** Where a log is kept. `append` returns when the line is safe (written and flushed). */
export interface LogStore {
  /** All of the log so far; empty for a new one. */
  read(): string;
  append(line: string): void;
  /** Cuts the log to its first `length` UTF-16 units. */
  truncate(length: number): void;
}

/** What to open a study with. */
export interface LoggedStudyOptions extends StudyOptions {
  /** What the measurements depend on; a log made elsewhere is refused. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Goes on although the environment differs; the log then says so. */
  readonly anyEnvironment?: boolean;
}

/** A study and its log. */
export class LoggedStudy {
  readonly study: Study;
  /** What was cut from the end of the log when it was opened. */
  readonly damage: LogDamage | undefined;
  readonly #store: LogStore;
  readonly #reissue: Trial[] = [];
  readonly #earlier = new Map<number, number>();
  #checksum = 0;

  /**
   * Opens the log in `store`, or begins it.
   *
   * @throws {TunerError} `study-log` if it is no log, or that of another space, other settings, another seed or environment.
   */
  constructor(
    space: Space,
    store: LogStore,
    { environment = {}, anyEnvironment = false, ...options }: LoggedStudyOptions = {},
  ) {
    this.study = new Study(space, options);
    this.#store = store;
    const header: LogHeader = {
      record: "study",
      format: "millrace-study/1",
      scenario: checksum(writeScenario({ space, settings: this.study.settings, objectives: ["value"] }), 0).toString(
        16,
      ),
      seed: this.study.seed,
      environment,
    };
    const text = store.read();
    const log = readRecords(text);
    if (log.damage?.line === 1) refuseForeign(text, header);
    this.damage = log.damage;
    this.#checksum = log.checksum;
    if (log.damage !== undefined) store.truncate(log.damage.offset);
    const [first, ...records] = log.records;
    if (first === undefined) this.#write(header);
    else refuseOther(first, header, anyEnvironment);
    let latest = first?.record === "study" ? first.environment : environment;
    for (const record of records) {
      if (record.record === "resume") latest = record.environment;
      else this.#replay(record);
    }
    if (JSON.stringify(latest) !== JSON.stringify(environment)) this.#write({ record: "resume", environment });
    this.#reissue.push(...this.study.trials.filter(({ outcome }) => outcome === undefined));
  }

  /** Milliseconds of the evaluations that the log already had when it was opened, by trial. */
  get earlier(): ReadonlyMap<number, number> {
    return this.#earlier;
  }

  /** The next configurations to evaluate: those whose evaluation was cut off first. */
  ask(count = 1): Trial[] {
    const again = this.#reissue.splice(0, count);
    const fresh: Trial[] = [];
    while (again.length + fresh.length < count) {
      const [trial] = this.study.ask(1);
      if (trial === undefined) break;
      const { id, config, phase, why } = trial;
      const fit = phase === "model" ? this.study.lastFit : undefined;
      this.#write({
        record: "ask",
        id,
        config,
        phase,
        ...(why && { why }),
        ...(fit && { fit: [...packLogarithms(fit)] }),
      });
      fresh.push(trial);
    }
    return [...again, ...fresh];
  }

  /** Takes an outcome and writes it down. @throws {TunerError} `trial` as `Study.tell` does. */
  tell(id: number, outcome: Outcome, runMs?: number): void {
    const known = this.study.trial(id)?.outcome !== undefined;
    this.study.tell(id, outcome);
    if (known) return;
    const told = this.study.trial(id)!.outcome!;
    this.#write({ record: "tell", id, outcome: told, ...(runMs !== undefined && { runMs }) });
  }

  #write(record: LogRecord): void {
    const { line, checksum: after } = writeRecord(record, this.#checksum);
    this.#store.append(line);
    this.#checksum = after;
  }

  #replay(record: LogHeader | AskRecord | TellRecord): void {
    if (record.record === "study") throw new TunerError("study-log", "the log has a second header");
    if (record.record === "tell") {
      this.study.tell(record.id, record.outcome);
      if (record.runMs !== undefined) this.#earlier.set(record.id, record.runMs);
    } else {
      const { fit, ...asked } = record;
      this.study.restore({ ...asked, ...(fit && { fit: unpackLogarithms(Float64Array.from(fit)) }) });
    }
  }
}

/** A text without a header is another's, or a log whose header was changed: not cut, unless this header was cut off. */
function refuseForeign(text: string, header: LogHeader): void {
  if (writeRecord(header, 0).line.startsWith(text)) return;
  throw new TunerError(
    "study-log",
    "this is no log of a study: line 1 is no header whose checksum fits; it was left as it is",
  );
}

function refuseOther(found: LogRecord, wanted: LogHeader, anyEnvironment: boolean): void {
  if (found.record !== "study" || found.format !== wanted.format) {
    throw new TunerError("study-log", "the log does not begin with the header of a study");
  }
  for (const field of ["scenario", "seed", "environment"] as const) {
    if (field === "environment" && anyEnvironment) continue;
    const [there, here] = [JSON.stringify(found[field]), JSON.stringify(wanted[field])];
    if (there !== here)
      throw new TunerError("study-log", `the log is of another ${field}: ${there}, not ${here}; begin a new log`);
  }
}
