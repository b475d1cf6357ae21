/** One line of a traced `torch.fx` graph, whatever text it was read from. */
import type { Span } from "@millrace/ir-text";
import type { ParsedArguments } from "./python-lexer.ts";

/** An instruction of a traced graph. */
export interface FxRow {
  readonly opcode: string;
  readonly name: string;
  readonly target: string;
  readonly given: ParsedArguments;
  readonly span: Span;
}

/** What an FX graph does not say of itself. */
export interface FxHints {
  /** Types of inputs and attributes by name, as `f32[34, 8]`. */
  readonly types?: Readonly<Record<string, string>>;
  /** What the called modules are, by their path in the model: a word, or as PyTorch prints them, `Conv2d(1, 8, kernel_size=3)`. */
  readonly modules?: Readonly<Record<string, FxModule | (string & {})>>;
}

/** A module that a traced graph calls whole. */
export type FxModule =
  | "linear"
  | "layer-norm"
  | "embedding"
  | "relu"
  | "gelu"
  | "silu"
  | "sigmoid"
  | "tanh"
  | "identity";
