/** Asks a model for programs and judges them. */

import { RandomStream } from "@millrace/tensor";
import { extractProgram, guardianPrompt, systemMessage } from "../agents/prompts.ts";
import { AsplError } from "../errors.ts";
import type { ProgramCost } from "../hardware/cost.ts";
import type { ChatModel, ChatRequest } from "../llm/chat-model.ts";
import { insertCopies } from "../program/affine.ts";
import { canonicalText } from "../program/canonical.ts";
import { parsePython } from "../program/parse-python.ts";
import { printPython } from "../program/print-python.ts";
import type { OpProgram } from "../program/program.ts";
import type { Task } from "../tasks/task.ts";
import type { Verdict } from "../verify/verdict.ts";
import { Verifier } from "../verify/verifier.ts";
import type { Phase, SampleEvent, SampleKey } from "./events.ts";
import type { LearningSpec } from "./spec.ts";

/** Thrown when a run is stopped from outside. */
export class Interrupted extends Error {}

/** What sampling needs. */
export interface SamplerOptions {
  readonly spec: LearningSpec;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly model: ChatModel;
  /** Asked before each call: whether to stop. */
  readonly interrupted: () => boolean;
}

/** What one sample is asked with. */
export interface SampleOptions {
  readonly phase?: Phase | undefined;
  readonly prompt: string;
}

/** Samples programs; every sample is a function of its key, its prompt and the model. */
export class Sampler {
  readonly #options: SamplerOptions;
  readonly #verifiers = new Map<string, Verifier>();
  readonly #costs = new Map<string, ProgramCost | undefined>();

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** One sample. @throws {Interrupted} if the run is to stop; {ChatError} if there is no answer. */
  async sample(key: SampleKey, { phase, prompt }: SampleOptions): Promise<SampleEvent> {
    const { spec } = this.#options;
    const purpose = `${phase === undefined ? "" : `${phase}/`}${key.iteration}/${key.task}/${key.temperature}/${key.rollout}`;
    const answer = await this.#ask(key, `${purpose}/proposer`, prompt);
    let text = extractProgram(answer);
    if (text !== undefined && spec.guardian === "model") {
      text = extractProgram(await this.#ask(key, `${purpose}/guardian`, guardianPrompt(text))) ?? text;
    }
    const marked = { type: "sample", ...key, ...(phase !== undefined && { phase }) } as const;
    if (text === undefined) return { ...marked, verdict: "format", program: null };
    const { verdict, program } = this.#judge(key.task, text);
    const printed = program === undefined ? null : printPython(program);
    const timed =
      verdict.verdict === "ok" && phase?.startsWith("optimize") ? this.costOf(key.task, program!) : undefined;
    return { ...marked, verdict: verdict.verdict, program: printed, ...(timed !== undefined && { cost: timed }) };
  }

  /** What a right program costs; `undefined` if the machine cannot run it. */
  costOf(task: string, program: OpProgram): ProgramCost | undefined {
    const key = `${task}\n${canonicalText(program)}`;
    if (!this.#costs.has(key)) this.#costs.set(key, this.#timed(task, program));
    return this.#costs.get(key);
  }

  /** The judge of a task. */
  verifier(id: string): Verifier {
    let verifier = this.#verifiers.get(id);
    if (verifier === undefined) {
      const { rule, seed } = this.#options.spec;
      verifier = new Verifier(this.task(id), { rule, seed });
      this.#verifiers.set(id, verifier);
    }
    return verifier;
  }

  task(id: string): Task {
    return this.#options.tasks.get(id)!;
  }

  /** A program as it was logged. @throws {AsplError} `program` if it cannot be read. */
  readBack(text: string, task: string): OpProgram {
    const inputs = this.task(task).inputs.map(({ name }) => name);
    const read = parsePython(text, inputs);
    if ("program" in read) return { ops: read.program.ops, returns: read.program.returns };
    throw new AsplError("program", `a logged program cannot be read: ${read.fault.message}`);
  }

  #timed(task: string, program: OpProgram): ProgramCost | undefined {
    try {
      return this.verifier(task).costOf(program);
    } catch (error) {
      if (error instanceof AsplError && error.code === "hardware") return undefined;
      throw error;
    }
  }

  #judge(id: string, text: string): { readonly verdict: Verdict; readonly program: OpProgram | undefined } {
    const verifier = this.verifier(id);
    const { guardian, rule } = this.#options.spec;
    const read = verifier.readText(text);
    if ("fault" in read) return { verdict: verifier.verifyText(text), program: undefined };
    const inputs = this.task(id).inputs.map(({ name }) => name);
    const guarded = guardian === "auto" ? insertCopies(read.program, rule, inputs) : read.program;
    return { verdict: verifier.verify(guarded), program: guarded };
  }

  /** An answer; a call that may work later is asked for again, and never counts as a sample that failed. */
  async #ask(key: SampleKey, purpose: string, prompt: string): Promise<string> {
    if (this.#options.interrupted()) throw new Interrupted();
    const { model, maxTokens, seed } = this.#options.spec;
    const request: ChatRequest = {
      model,
      messages: [
        { role: "system", content: systemMessage },
        { role: "user", content: prompt },
      ],
      temperature: key.temperature,
      maxTokens,
      seed: new RandomStream(seed, purpose).below(2 ** 31),
    };
    return (await this.#options.model.complete(request, key.rollout)).text;
  }
}
