/**
 * A stochastic program synthesiser that learns from the prompt alone: counts of operators after the operators that made
 * what they read, from every program that the prompt shows. It is no language model, and is never reported as one: it lets
 * the learning loop be tested without any.
 */
import type { RandomStream } from "@millrace/tensor";
import { insertCopies } from "../../program/affine.ts";
import { withoutDeadOperators } from "../../program/canonical.ts";
import { printPython } from "../../program/print-python.ts";
import { drawProgram } from "./draw.ts";
import { type ReadPrompt, readPrompt } from "./read-prompt.ts";

/** How the synthesiser draws. */
export interface NgramOptions {
  readonly temperature: number;
  readonly random: RandomStream;
  /** How likely all Copies are left out; 0 unless given. */
  readonly forgetCopies?: number;
}

/** Prompts that are remembered: samples of one prompt follow each other, and reading it takes longer than drawing. */
const mostPrompts = 4;

/** Writes programs for prompts. */
export class Synthesizer {
  readonly #demonstrationWeight: number;
  readonly #prompts = new Map<string, ReadPrompt | undefined>();

  /** `demonstrationWeight` is how much a program of a demonstration counts against one of the base prompt; 3 unless given. */
  constructor({ demonstrationWeight = 3 }: { readonly demonstrationWeight?: number } = {}) {
    this.#demonstrationWeight = demonstrationWeight;
  }

  /** A program for the last task of a prompt, as a model would answer; some text if there is no task. */
  write(prompt: string, { temperature, random, forgetCopies = 0 }: NgramOptions): string {
    const read = this.#read(prompt);
    if (read === undefined) return "There is no task in what I was sent.";
    const program = withoutDeadOperators(drawProgram({ ...read, temperature, random }));
    const forget = forgetCopies > random.unit();
    const inputs = read.task.inputs.map(({ name }) => name);
    return `\`\`\`python\n${printPython(forget ? program : insertCopies(program, "strict", inputs))}\n\`\`\``;
  }

  #read(prompt: string): ReadPrompt | undefined {
    if (this.#prompts.has(prompt)) return this.#prompts.get(prompt);
    const read = readPrompt(prompt, this.#demonstrationWeight);
    if (this.#prompts.size >= mostPrompts) this.#prompts.delete(this.#prompts.keys().next().value!);
    this.#prompts.set(prompt, read);
    return read;
  }
}
