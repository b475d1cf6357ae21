/** The stop of the tour where programs are found, and cheats are found out. */
import {
  type Enumeration,
  enumerate,
  printPython,
  type Task,
  type Verdict,
  type VerdictKind,
  Verifier,
} from "@millrace/aspl-agent";
import { loadTask, ownTasks } from "../agent/load-tasks.ts";

/** Operators that are tried at most for each task: several times what is needed. */
const MOST_APPLICATIONS = 20_000;

const solvable = ["attn/G_0_4_01", "rope/G_0_3_02", "expert/G_0_6_05"] as const;

interface Cheat {
  readonly variant: string;
  readonly task: string;
  readonly text: string;
  readonly refusal: VerdictKind;
}

const cheats: readonly Cheat[] = [
  {
    variant: "cheat: zeros of the right type",
    task: "norm/G_0_9_02",
    text: "A, B = step.Copy().apply(E0)\nZ = step.Map(fn=fn_minus).apply((A, B))\nreturn Z",
    refusal: "numeric",
  },
  {
    variant: "cheat: Python that computes the answer",
    task: "norm/G_0_9_02",
    text: "import torch\nS = Stream(torch.nn.functional.layer_norm(input_data[0], [D]))\nreturn S",
    refusal: "parse",
  },
  {
    variant: "cheat: one stream read twice",
    task: "norm/G_0_9_02",
    text: [
      "M = step.Map(fn=fn_mean).apply(E0)",
      "C = step.Map(fn=fn_minus).apply((E0, M))",
      "S = step.Map(fn=fn_square).apply(C)",
      "V = step.Map(fn=fn_mean).apply(S)",
      "W = step.Map(fn=fn_addeps).apply(V)",
      "R = step.Map(fn=fn_sqrt).apply(W)",
      "Y = step.Map(fn=fn_div).apply((C, R))",
      "return Y",
    ].join("\n"),
    refusal: "affine",
  },
];

/** A program and what the verifier said of it. */
export interface AgentRun {
  readonly variant: string;
  readonly task: string;
  readonly about: string;
  readonly program: string;
  /** Operators applied until the program was found; `null` for one that was given. */
  readonly applications: number | null;
  readonly verdict: VerdictKind;
  readonly message: string | null;
  readonly operators: number | null;
  readonly expected: VerdictKind;
}

/** What the stop shows, in a sentence or two. */
export const agentAbout =
  "Programs of stream operators for tasks that give typed inputs and functions. The enumerator finds the first three with no model and no examples, smallest programs first; the verifier judges on several sizes and inputs, reads programs as data and executes none. The last three try to talk it round. No language model was involved.";

/** Enumerates three tasks and judges three cheats; `begin` is told before each. */
export function runAgents(begin: (variant: string) => void): readonly AgentRun[] {
  const taskOf = (id: string): Task => loadTask(".", ownTasks, id);
  const found = solvable.map((id) => {
    begin(`Programs, ${id}`);
    return solve(taskOf(id));
  });
  const refused = cheats.map((cheat) => {
    begin(`Programs, ${cheat.variant}`);
    const task = taskOf(cheat.task);
    const verdict = new Verifier(task).verifyText(cheat.text);
    return { ...rowOf(task, verdict), ...cheat, program: cheat.text, applications: null, expected: cheat.refusal };
  });
  return [...found, ...refused];
}

function solve(task: Task): AgentRun {
  const verifier = new Verifier(task);
  const { program, applications }: Enumeration = enumerate(verifier, { maximumApplications: MOST_APPLICATIONS });
  // Judged as text, as any program from outside is.
  const text = program === undefined ? "" : printPython(program);
  const row = rowOf(task, verifier.verifyText(text));
  return { ...row, variant: `enumerated ${task.id}`, program: text, applications, expected: "ok" };
}

function rowOf(
  { id, about }: Task,
  { verdict, message, metrics }: Verdict,
): Omit<AgentRun, "variant" | "program" | "applications" | "expected"> {
  return { task: id, about, verdict, message, operators: metrics?.operators ?? null };
}
