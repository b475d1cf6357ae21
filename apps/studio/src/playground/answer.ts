/** What the playground answers: each part by itself, or why it cannot be had. */
import type { GraphView } from "../view/graph.ts";

/** A stretch of the expression that a fault is about. */
export interface FaultSpan {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Why a part cannot be had. */
export interface PlaygroundFault {
  /** The message for people, with the place below the expression. */
  readonly text: string;
  readonly spans: readonly FaultSpan[];
  /** The tensor whose format is at fault. */
  readonly tensor?: string;
}

/** A part of an answer. */
export type Part<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: PlaygroundFault };

/** A comparison with the dense evaluation. */
export interface Checked {
  readonly compared: number;
  readonly differing: number;
  readonly largestError: number;
}

/** The expression as a dataflow graph, simulated. */
export interface SimulatedGraph {
  readonly graph: GraphView;
  /** The graph in Graphviz, as files of the field have it. */
  readonly text: string;
  readonly order: readonly string[];
  readonly cycles: number;
  readonly tokens: number;
  readonly checked: Checked;
}

/** The expression as loops, divided into units and run. */
export interface CompiledLoops {
  readonly order: readonly string[];
  readonly plan: string;
  readonly loops: string;
  readonly c: string;
  readonly wat: string;
  /** Bytes of the WebAssembly that ran. */
  readonly wasmBytes: number;
  readonly work: number;
  readonly bound: number;
  readonly unitWork: readonly number[];
  readonly checked: Checked;
}

/** An operand as it was drawn. */
export interface DrawnTensor {
  readonly name: string;
  readonly indices: readonly string[];
  readonly shape: readonly number[];
  readonly entries: number;
  /** The format that it is stored in, as asked for or chosen. */
  readonly format: string;
  /** Whether the format was asked for. */
  readonly asked: boolean;
}

/** Everything there is to say about a request. */
export interface PlaygroundAnswer {
  readonly tensors: Part<readonly DrawnTensor[]>;
  /** Name of the result, where the expression could be read. */
  readonly result: string | null;
  readonly graph: Part<SimulatedGraph>;
  readonly loops: Part<CompiledLoops>;
}
