import { DiagnosticError } from "../errors.ts";
import type { Diagnostic } from "./diagnostic.ts";

const defaultMaximum = 1000;

/**
 * Collects the diagnostics of one run over a text, so that a user sees all faults at once.
 *
 * It keeps at most `maximum` of them, so a broken file of any length costs bounded memory; the rest are counted.
 *
 * @example
 * ```ts
 * const bag = new DiagnosticBag();
 * bag.report({ severity: "warning", code: "unused", message: "'x' is never read" });
 * bag.failed; // => false
 * bag.diagnostics.length; // => 1
 * ```
 */
export class DiagnosticBag {
  readonly #maximum: number;
  readonly #kept: Diagnostic[] = [];
  #dropped = 0;
  #failed = false;

  constructor(options: { readonly maximum?: number } = {}) {
    this.#maximum = Math.max(1, options.maximum ?? defaultMaximum);
  }

  /** Adds one diagnostic. */
  report(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "error") this.#failed = true;
    if (this.#kept.length < this.#maximum) this.#kept.push(diagnostic);
    else this.#dropped++;
  }

  /** Whether an error was reported; warnings do not count. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether further diagnostics are only counted: a reader may stop here. */
  get full(): boolean {
    return this.#kept.length >= this.#maximum;
  }

  /** What was reported, in order; a last one without a span says how many were left out, if any were. */
  get diagnostics(): readonly Diagnostic[] {
    if (this.#dropped === 0) return [...this.#kept];
    const message = `too many faults: ${this.#dropped} more are not listed`;
    const severity = this.#failed ? "error" : "warning";
    return [...this.#kept, { severity, code: "too-many-diagnostics", message }];
  }

  /** @throws {DiagnosticError} with everything reported so far, if an error is among it. */
  throwIfFailed(): void {
    if (this.#failed) throw new DiagnosticError(this.diagnostics);
  }
}
