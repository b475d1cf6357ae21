/** Runs the learning loop against a model, event by event, from the beginning or from where a log ends. */

import { RandomStream } from "@millrace/tensor";
import {
  type Demonstration,
  extractProgram,
  guardianPrompt,
  proposerPrompt,
  systemMessage,
} from "../agents/prompts.ts";
import { AsplError } from "../errors.ts";
import { ChatError, type ChatModel, type ChatRequest } from "../llm/chat-model.ts";
import { insertCopies } from "../program/affine.ts";
import { parsePython } from "../program/parse-python.ts";
import { printPython } from "../program/print-python.ts";
import type { OpProgram } from "../program/program.ts";
import type { Task } from "../tasks/task.ts";
import type { Verdict } from "../verify/verdict.ts";
import { Verifier } from "../verify/verifier.ts";
import {
  advance,
  type ControllerState,
  nextPlan,
  type SamplePlan,
  startLearning,
  stopForBudget,
} from "./controller.ts";
import type { LearningEvent, SampleEvent, SampleKey, SolvedTask } from "./events.ts";
import { type Experience, selectAnswer } from "./experience.ts";
import type { LearningSpec } from "./spec.ts";

/** What a run needs. */
export interface LearningOptions {
  readonly spec: LearningSpec;
  /** The tasks of the spec, and nothing else. */
  readonly tasks: readonly Task[];
  readonly model: ChatModel;
  /** Events of an earlier, interrupted run with the same spec. */
  readonly earlier?: readonly LearningEvent[];
  /** Called with every new event, in order. */
  readonly append: (event: LearningEvent) => void;
  /** Calls under way at once; 1 unless given. Their number does not change the events. */
  readonly jobs?: number;
  /** Asked before each call: whether to stop, keeping what there is. */
  readonly interrupted?: () => boolean;
  /** Called with how many samples were judged so far. */
  readonly watch?: (samples: number) => void;
}

/** How a run ended. */
export interface LearningResult {
  readonly state: ControllerState;
  readonly samples: number;
  /** Whether it was stopped from outside: the log can be gone on with. */
  readonly interrupted: boolean;
}

/**
 * Learns. The events that are appended depend on the spec, the tasks and the model's answers alone.
 *
 * @throws {AsplError} `options` if an earlier log is of another run.
 * @throws {ChatError} `refused` or `missing` if the model cannot be asked at all.
 */
export async function runLearning(options: LearningOptions): Promise<LearningResult> {
  return new LearningRun(options).run();
}

class Interrupted extends Error {}

class LearningRun {
  readonly #options: LearningOptions;
  readonly #spec: LearningSpec;
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #verifiers = new Map<string, Verifier>();
  readonly #earlier: LearningEvent[];
  #state: ControllerState;
  #samples = 0;
  /** Whether the log already ends with the end of the run. */
  #ended: boolean;

  constructor(options: LearningOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.#tasks = new Map(options.tasks.map((task) => [task.id, task]));
    // A run that a cap ended may go on with a larger one: its end is no part of what happened.
    this.#earlier = (options.earlier ?? []).filter(({ type }) => type !== "stop");
    this.#ended = options.earlier?.at(-1)?.type === "stop";
    this.#state = startLearning(options.spec.tasks, options.spec.policy);
  }

  async run(): Promise<LearningResult> {
    const first: LearningEvent = { type: "run", version: 1, spec: this.#spec };
    const begun = this.#earlier.shift();
    if (begun === undefined) this.#append(first);
    else if (JSON.stringify(begun) !== JSON.stringify(first)) {
      throw new AsplError(
        "options",
        "the log is of a run with other settings: give another folder, or the same settings",
      );
    }
    try {
      for (let plan = this.#plan(); plan !== undefined; plan = this.#plan()) await this.#iterate(plan);
    } catch (error) {
      if (error instanceof Interrupted) return { state: this.#state, samples: this.#samples, interrupted: true };
      if (!(error instanceof ChatError) || error.code !== "budget") throw error;
      this.#state = stopForBudget(this.#state);
    }
    if (!this.#ended) this.#append({ type: "stop", reason: this.#state.stop ?? "budget" });
    return { state: this.#state, samples: this.#samples, interrupted: false };
  }

  #append(event: LearningEvent): void {
    this.#ended = false;
    this.#options.append(event);
  }

  #plan(): SamplePlan | undefined {
    const { maximumIterations, maximumSamples = Number.POSITIVE_INFINITY } = this.#spec;
    if (this.#state.iteration >= maximumIterations || this.#samples >= maximumSamples) {
      this.#state = stopForBudget(this.#state);
    }
    return nextPlan(this.#state);
  }

  async #iterate(plan: SamplePlan): Promise<void> {
    const demonstrations = plan.demonstrations.map(
      (experience): Demonstration => ({
        experience,
        task: this.#tasks.get(experience.task)!,
      }),
    );
    const samples = await this.#sampleAll(plan, demonstrations);
    const solved = this.#solved(plan, samples);
    const event: LearningEvent = {
      type: "iteration",
      iteration: plan.iteration,
      label: plan.label,
      demonstrations: plan.demonstrations.map(({ task }) => task),
      solved: solved.map((one): SolvedTask => ({ ...one, program: printPython(one.program) })),
    };
    if (this.#earlier.shift() === undefined) this.#append(event);
    this.#state = advance(this.#state, solved);
  }

  /** All samples of an iteration in the order of their keys, the missing ones asked for, `jobs` at a time. */
  async #sampleAll(plan: SamplePlan, demonstrations: readonly Demonstration[]): Promise<readonly SampleEvent[]> {
    const keys = this.#keys(plan);
    const samples: SampleEvent[] = [];
    const jobs = Math.max(1, this.#options.jobs ?? 1);
    const pending: Promise<SampleEvent>[] = [];
    let next = 0;
    while (samples.length < keys.length) {
      const known = this.#earlier[0];
      if (known?.type === "sample") {
        samples.push(known);
        this.#earlier.shift();
        next++;
      } else {
        while (pending.length < jobs && next < keys.length) {
          const asked = this.#sample(keys[next++]!, demonstrations);
          // A later failure must not go unheard while an earlier call is awaited.
          asked.catch(() => {});
          pending.push(asked);
        }
        const event = await pending.shift()!;
        samples.push(event);
        this.#append(event);
      }
      this.#samples++;
      this.#options.watch?.(this.#samples);
    }
    return samples;
  }

  #keys({ iteration, tasks }: SamplePlan): readonly SampleKey[] {
    const { temperatures, rollouts, maximumSamples = Number.POSITIVE_INFINITY } = this.#spec;
    const keys = tasks.flatMap((task) =>
      temperatures.flatMap((temperature) =>
        Array.from({ length: rollouts }, (_, rollout): SampleKey => ({ iteration, task, temperature, rollout })),
      ),
    );
    return keys.slice(0, Math.max(0, maximumSamples - this.#samples));
  }

  async #sample(key: SampleKey, demonstrations: readonly Demonstration[]): Promise<SampleEvent> {
    const task = this.#tasks.get(key.task)!;
    const answer = await this.#ask(key, "proposer", proposerPrompt(task, demonstrations));
    let text = extractProgram(answer);
    if (text !== undefined && this.#spec.guardian === "model") {
      text = extractProgram(await this.#ask(key, "guardian", guardianPrompt(text))) ?? text;
    }
    if (text === undefined) return { type: "sample", ...key, verdict: "format", program: null };
    const { verdict, program } = this.#judge(task, text);
    return {
      type: "sample",
      ...key,
      verdict: verdict.verdict,
      program: program === undefined ? null : printPython(program),
    };
  }

  #judge(task: Task, text: string): { readonly verdict: Verdict; readonly program: OpProgram | undefined } {
    const verifier = this.#verifier(task);
    const read = verifier.readText(text);
    if ("fault" in read) return { verdict: verifier.verifyText(text), program: undefined };
    const inputs = task.inputs.map(({ name }) => name);
    const guarded = this.#spec.guardian === "auto" ? insertCopies(read.program, this.#spec.rule, inputs) : read.program;
    return { verdict: verifier.verify(guarded), program: guarded };
  }

  #verifier(task: Task): Verifier {
    let verifier = this.#verifiers.get(task.id);
    if (verifier === undefined) {
      verifier = new Verifier(task, { rule: this.#spec.rule, seed: this.#spec.seed });
      this.#verifiers.set(task.id, verifier);
    }
    return verifier;
  }

  /** An answer; a call that may work later is asked for again, and never counts as a sample that failed. */
  async #ask(key: SampleKey, role: "proposer" | "guardian", prompt: string): Promise<string> {
    if (this.#options.interrupted?.()) throw new Interrupted();
    const { model, maxTokens, seed } = this.#spec;
    const draw = new RandomStream(seed, `${key.iteration}/${key.task}/${key.temperature}/${key.rollout}/${role}`);
    const request: ChatRequest = {
      model,
      messages: [
        { role: "system", content: systemMessage },
        { role: "user", content: prompt },
      ],
      temperature: key.temperature,
      maxTokens,
      seed: draw.below(2 ** 31),
    };
    return (await this.#options.model.complete(request, key.rollout)).text;
  }

  #solved(plan: SamplePlan, samples: readonly SampleEvent[]): Experience[] {
    return plan.tasks.flatMap((task) => {
      const own = samples.filter((sample) => sample.task === task);
      const right = own.filter(({ verdict }) => verdict === "ok");
      if (right.length === 0) return [];
      const successes = Math.max(
        ...this.#spec.temperatures.map((at) => right.filter(({ temperature }) => temperature === at).length),
      );
      const programs = right.map(({ program }) => readBack(program!, this.#tasks.get(task)!));
      const random = new RandomStream(this.#spec.seed, `${plan.iteration}/${task}/keep`);
      return [{ task, program: selectAnswer(programs, random)!, successes, samples: this.#spec.rollouts }];
    });
  }
}

function readBack(text: string, task: Task): OpProgram {
  const read = parsePython(
    text,
    task.inputs.map(({ name }) => name),
  );
  if ("program" in read) return { ops: read.program.ops, returns: read.program.returns };
  throw new AsplError("program", `a logged program cannot be read: ${read.fault.message}`);
}
