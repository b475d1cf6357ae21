/** What a tour is made of: stops, each showing one thing in variants that do the same work in different ways. */
import type { UnaryOperation } from "@millrace/fuseflow-sparse";

/** One expression, how it is compiled, and on what it runs. */
export interface Kernel {
  readonly expression: string;
  readonly formats: Readonly<Record<string, string>>;
  readonly order: readonly string[];
  /** Look up dense levels instead of scanning them. */
  readonly locate?: boolean;
  /** What is applied to the result. */
  readonly activation?: UnaryOperation;
  /** Tensor of the tour for each operand; the result of an earlier kernel of the variant goes by its own name. */
  readonly operands: Readonly<Record<string, string>>;
}

/** One way to do the work of a stop; its kernels run one after the other. */
export interface Variant {
  readonly name: string;
  readonly kernels: readonly Kernel[];
}

/** One stop of the tour. */
export interface TourStop {
  readonly id: string;
  readonly title: string;
  /** What is computed and what to look for, in a sentence or two. */
  readonly about: string;
  readonly variants: readonly Variant[];
  /** Whether the first kernel of the first variant is recorded as a timeline. */
  readonly recorded?: boolean;
}
