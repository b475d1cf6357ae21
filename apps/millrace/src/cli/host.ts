/**
 * The outside world as commands see it: two outputs, the environment, the clock and the wish to stop.
 *
 * The worker thread builds it from the real process; tests build one that records.
 */

/** Where text goes. */
export interface Output {
  write(text: string): void;
  /** Whether a person watches: colours and live lines are for terminals only. */
  readonly terminal: boolean;
  /** Width in characters, for live lines. */
  readonly columns: number;
}

/** Everything a command may touch outside files. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder that relative file names start from. */
  readonly folder: string;
  /** Milliseconds since some fixed moment; for rates and remaining time on a terminal, never in results. */
  now(): number;
  /** Whether the user asked to stop; long work looks at it and ends with what it has. */
  stopRequested(): boolean;
}

/** Whether `output` takes colours: a terminal, and NO_COLOR (https://no-color.org) not set. */
export function takesColor(host: Host, output: Output): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = host.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return true;
  return output.terminal && TERM !== "dumb";
}
