/** The statements of the paper's syntax, as its parser reads them. */
import type { Span } from "@millrace/ir-text";

/** A setting of an operator: a name, a whole number, or a list of numbers. */
export type Setting = { readonly span: Span } & (
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "numbers"; readonly numbers: readonly number[] }
);

/** `step.Op(setting=…).apply(a, …)`. */
export interface Call {
  readonly operator: string;
  readonly span: Span;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly args: readonly NameUse[];
}

/** A name where it is used or given. */
export interface NameUse {
  readonly name: string;
  readonly span: Span;
}

/** Each of several functions applied to the stream of the same expert. */
export interface Comprehension {
  readonly fns: readonly NameUse[] | NameUse;
  readonly list: NameUse;
  readonly span: Span;
}

/** One line. */
export type Statement =
  | { readonly kind: "call"; readonly targets: readonly NameUse[]; readonly call: Call }
  | { readonly kind: "functions"; readonly target: NameUse; readonly names: readonly NameUse[] }
  | { readonly kind: "each"; readonly target: NameUse; readonly each: Comprehension }
  | { readonly kind: "return"; readonly values: readonly NameUse[]; readonly span: Span };
