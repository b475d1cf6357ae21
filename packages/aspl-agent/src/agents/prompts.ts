/** What models are told. */
import type { Experience } from "../learn/experience.ts";
import type { AttemptPlan, Design } from "../learn/optimize.ts";
import { printPython } from "../program/print-python.ts";
import type { Task } from "../tasks/task.ts";
import { describeTask } from "./describe-task.ts";

/** The system message of both agents. */
export const systemMessage =
  "You write programs for streaming hardware in a small language. Answer with one fenced block that holds the statements of the program and nothing else.";

const primitives = `A stream carries elements in nested groups. Its shape lists axes innermost first: [K, M] is M groups of K elements; its rank is
the number of axes less one. An element is a number (f32), a choice among experts (multihot), a buffer of either with dims of
its own (also innermost first), or a tuple of these. A program is a list of assignments and a return:

step.Map(fn=f).apply(x)        every element e becomes f(e); the shape stays. Several streams, (x, y), are zipped first.
step.Accum(fn=f, b=1).apply(x) folds the b innermost axes with the fold f, from its init; these axes are gone. 1 <= b <= rank.
step.Scan(fn=f, b=1).apply(x)  as Accum, but gives the state at every element; the shape stays.
step.Zip().apply((x, y))       puts the elements of two streams of one shape side by side; tuples are joined flat.
step.Promote(b=1).apply(x)     a new axis of 1 at position b, 0 (innermost) to rank+1 (outermost).
step.Flatten(L=(1,)).apply(x)  merges axis 1 with axis 0 inside it.
step.Repeat(n=D).apply(x)      a new innermost axis: every element D times.
step.RepeatRef().apply((x, r)) as Repeat, as often as the reference r has elements along its innermost axis.
step.Bufferize(a=1).apply(x)   the a innermost axes become a buffer. 1 <= a <= rank.
step.Streamify().apply(x)      the dims of buffers become the innermost axes again.
p, q = step.Copy().apply(x)    two streams equal to x. Every stream is read exactly once: what is used twice must be copied.
step.Partition(N=E).apply((x, s))  a list of E streams: an element goes to every expert that the selector s chooses.
[step.Map(fn=f).apply(x) for f, x in zip([f0, f1], parts)]  a function for each stream of such a list.
step.Merge(fn=f).apply((parts, s)) folds, for every selector, the next element of each chosen stream.`;

/**
 * Worked programs of the base prompt, each with what it shows; none solves a task of the benchmark. As in the paper: one
 * for each primitive, here the smallest in which it is of use; Partition and Merge together; and two patterns, an axis of 1
 * as a placeholder around a fold or a buffer, and axes hidden in a buffer while others are added.
 */
const lessons: readonly { readonly shows: string; readonly program: string }[] = [
  { shows: "squares numbers", program: "A = step.Map(fn=fn_square).apply(E0)\nreturn A" },
  { shows: "sums rows of numbers", program: "A = step.Accum(fn=fn_add, b=1).apply(E0)\nreturn A" },
  { shows: "gives running sums along rows", program: "A = step.Scan(fn=fn_add, b=1).apply(E0)\nreturn A" },
  {
    shows: "adds two streams",
    program: "A = step.Zip().apply((E0, E1))\nB = step.Map(fn=fn_sum_of_pair).apply(A)\nreturn B",
  },
  {
    shows: "uses an input twice: the rows, and their running sums",
    program:
      "A, B = step.Copy().apply(E0)\nC = step.Scan(fn=fn_add, b=1).apply(A)\nD = step.Zip().apply((B, C))\nF = step.Map(fn=fn_pair).apply(D)\nreturn F",
  },
  {
    shows: "makes a group of its own of every element, and sums each",
    program: "A = step.Promote(b=0).apply(E0)\nB = step.Accum(fn=fn_add, b=1).apply(A)\nreturn B",
  },
  {
    shows: "sums over two axes as over one",
    program: "A = step.Flatten(L=(1,)).apply(E0)\nB = step.Accum(fn=fn_add, b=1).apply(A)\nreturn B",
  },
  { shows: "repeats every element D times", program: "A = step.Repeat(n=D).apply(E0)\nreturn A" },
  {
    shows: "scales every row of one stream by an element of another",
    program:
      "A, B = step.Copy().apply(E0)\nC = step.RepeatRef().apply((E1, A))\nD = step.Zip().apply((B, C))\nF = step.Map(fn=fn_product).apply(D)\nreturn F",
  },
  {
    shows: "computes on rows as buffers",
    program: "A = step.Bufferize(a=1).apply(E0)\nB = step.Map(fn=fn_row).apply(A)\nreturn B",
  },
  {
    shows: "makes a row of every element and streams it out",
    program: "A = step.Map(fn=fn_powers).apply(E0)\nB = step.Streamify().apply(A)\nreturn B",
  },
  {
    shows: "sends elements to experts and adds up what they give",
    program:
      "S, T = step.Copy().apply(E1)\nP = step.Partition(N=E).apply((E0, S))\nQ = [step.Map(fn=f).apply(x) for f, x in zip([fn_one, fn_two], P)]\nR = step.Merge(fn=fn_add).apply((Q, T))\nreturn R",
  },
  {
    shows: "sums a whole stream, which has rank 0, by wrapping it into one group",
    program: "A = step.Promote(b=1).apply(E0)\nB = step.Accum(fn=fn_add, b=1).apply(A)\nreturn B",
  },
  {
    shows: "keeps a whole stream on chip by wrapping it into one group",
    program: "A = step.Promote(b=1).apply(E0)\nB = step.Bufferize(a=1).apply(A)\nreturn B",
  },
  {
    shows: "repeats whole rows: hides an axis in a buffer, repeats, and shows it again",
    program:
      "A = step.Bufferize(a=1).apply(E0)\nB = step.Repeat(n=N).apply(A)\nC = step.Streamify().apply(B)\nreturn C",
  },
];

/** What is sent to improve a right program: the language, pairs of a slow and a fast program, the task, the program. */
export function optimizerPrompt(task: Task, plan: AttemptPlan, taskOf: (id: string) => Task): string {
  const lessons = plan.lessons.map(({ task: id, slow, fast }) =>
    [
      `For this task the first program takes ${costInWords(slow)}, the second ${costInWords(fast)}:`,
      // The slow one is shown, not taught: its fence is another one.
      `\`\`\`slow\n${printPython(slow.program)}\n\`\`\``,
      `${describeTask(taskOf(id))}\n${fenced(printPython(fast.program))}`,
    ].join("\n"),
  );
  const parent = plan.parent!;
  return [
    primitives,
    ...(lessons.length === 0 ? [] : ["Right programs of which one is better:", ...lessons]),
    `This program solves the task in ${costInWords(parent)}:`,
    `${describeTask(task)}\n${fenced(printPython(parent.program))}`,
    "Write another program for the same task that takes fewer cycles, or fewer bytes on chip in no more cycles. Its outputs must be the same. Fewer operators, smaller buffers and less that waits for something else all help.",
    describeTask(task),
  ].join("\n\n");
}

const costInWords = ({ cost }: Design): string => `${cost.cycles} cycles and ${cost.onChipBytes} bytes on chip`;

/** What the proposer is sent: the language, worked programs, demonstrations, the task. */
export function proposerPrompt(task: Task, demonstrations: readonly Demonstration[]): string {
  const worked = lessons.map(({ shows, program }) => `This program ${shows}:\n${fenced(program)}`);
  const shown = demonstrations.map(
    (one) => `${describeTask(one.task)}\n${fenced(printPython(one.experience.program))}`,
  );
  return [
    primitives,
    ...worked,
    ...(shown.length === 0 ? [] : ["Tasks with programs that solve them:", ...shown]),
    "Write the program for this task. Use the given functions, and Copy for whatever is read twice.",
    describeTask(task),
  ].join("\n\n");
}

/** A solved task that is shown. */
export interface Demonstration {
  readonly task: Task;
  readonly experience: Experience;
}

/** What the guardian is sent: a program alone, to be given the Copies that it lacks. */
export function guardianPrompt(program: string): string {
  return [
    "Every stream may be read by one operator only. Where a program reads a stream more than once, insert step.Copy() so that each use has a stream of its own; change nothing else. Three uses need two Copies. A value that is returned as well as read is used twice.",
    "Before:",
    fenced("B = step.Map(fn=f).apply(A)\nC = step.Zip().apply((A, B))\nreturn C"),
    "After:",
    fenced("A1, A2 = step.Copy().apply(A)\nB = step.Map(fn=f).apply(A1)\nC = step.Zip().apply((A2, B))\nreturn C"),
    "The program:",
    fenced(program),
  ].join("\n\n");
}

/** Statements between fences. */
function fenced(program: string): string {
  return `\`\`\`python\n${program}\n\`\`\``;
}

/** The last fenced block of an answer, or all of it if there is none; `undefined` if that is empty or too long to be a program. */
export function extractProgram(answer: string): string | undefined {
  const longest = 2 ** 17;
  const blocks = answer.slice(0, longest).split(/^\s*```[^\n]*$/m);
  const block = blocks.length < 2 ? answer : blocks[blocks.length % 2 === 1 ? blocks.length - 2 : blocks.length - 1]!;
  const text = block.trim();
  return text === "" || text.length > longest ? undefined : text;
}
