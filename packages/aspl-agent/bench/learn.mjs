// What demonstrations do for the n-gram synthesiser, and the learning loop beside its controls at equal samples.
// Usage, after a build: node bench/learn.mjs [--seeds N] [--samples N] [--rollouts N] [--policy NAME] [--generated N]
// With --generated, N tasks of the task generator take the place of the recorded ones: the base prompt was chosen with the
// recorded ones in view, and knows nothing of these. --only demonstrations|counts|policies leaves the other parts out.

import { RandomStream } from "@millrace/tensor";
import {
  chatAnswerer,
  enumerate,
  extractProgram,
  generateTasks,
  insertCopies,
  meanWithInterval,
  proposerPrompt,
  runLearning,
  Synthesizer,
  synthesizerName,
  Verifier,
} from "../dist/index.js";
import { cpuSeconds, interval, tasks as recorded } from "./recorded.mjs";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const [seeds, samples, rollouts] = [option("seeds", 20), option("samples", 16), option("rollouts", 8)];
const generated = option("generated", 0);
const tasks = generated > 0 ? generateTasks({ seed: 1, count: generated }).map(({ task }) => task) : recorded;
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
const synthesizer = new Synthesizer();
const answerChat = chatAnswerer();
const verifiers = new Map(tasks.map((task) => [task.id, new Verifier(task)]));

console.log("No language model is involved: programs are written by the n-gram synthesiser, which is none.\n");
if (generated > 0) console.log(`${generated} tasks of the generator, seed 1\n`);
if (only === undefined || only === "demonstrations") demonstrations();
if (only === undefined || only === "counts") counts();
if (only === undefined || only === "policies") await policies();

/** References of the tasks as what is shown. */
function shown(others) {
  return others.map((task) => ({ task, experience: { task: task.id, program: task.reference, successes: 1 } }));
}

function demonstrations() {
  const prompts = {
    "base prompt only": () => [],
    "other groups' references": (task) => shown(tasks.filter(({ group }) => group !== task.group)),
    "all other references": (task) => shown(tasks.filter(({ id }) => id !== task.id)),
  };
  const rates = {};
  const spent = { seconds: 0 };
  for (const [name, choose] of Object.entries(prompts)) {
    const { right, perTask } = sampled(choose, spent);
    rates[name] = right.map((count) => count / (samples * tasks.length));
    console.log(
      `${name.padEnd(26)} pass@1 ${interval(meanWithInterval(rates[name]), 4)}, ${perTask.size} of ${tasks.length} tasks solved at all`,
    );
    if (process.argv.includes("--tasks")) console.log(Object.fromEntries(perTask));
  }
  const { seconds } = spent;
  const calls = 3 * seeds * samples * tasks.length;
  for (const name of Object.keys(prompts).slice(1))
    console.log(`${name} over the base prompt: ${ratio(rates[name], rates["base prompt only"])} (goal 3x)`);
  console.log(`${((1000 * seconds) / calls).toFixed(2)} ms a sample (prototype 7 ms)\n`);
}

/** Right samples of each seed, and of each task, with the demonstrations that `choose` gives for a task and a seed. */
function sampled(choose, spent = { seconds: 0 }) {
  const right = Array.from({ length: seeds }, () => 0);
  const perTask = new Map();
  for (const task of tasks) {
    const verifier = verifiers.get(task.id);
    const inputs = task.inputs.map((input) => input.name);
    for (let seed = 0; seed < seeds; seed++) {
      const prompt = proposerPrompt(task, choose(task, seed));
      for (let sample = 0; sample < samples; sample++) {
        const random = new RandomStream(seed, `${task.id}/${sample}`);
        let text;
        spent.seconds += cpuSeconds(() => {
          text = extractProgram(synthesizer.write(prompt, { temperature: 0.7, random }));
        });
        const read = verifier.readText(text);
        if (!("program" in read)) continue;
        if (verifier.verify(insertCopies(read.program, "strict", inputs)).verdict !== "ok") continue;
        right[seed]++;
        perTask.set(task.id, (perTask.get(task.id) ?? 0) + 1);
      }
    }
  }
  return { right, perTask };
}

/** How pass@1 grows with the number of demonstrations, drawn anew for each task and seed from the other tasks' references. */
function counts() {
  console.log("demonstrations drawn from the other tasks' references");
  const rates = new Map();
  for (const count of [0, 1, 2, 4, 8, tasks.length - 1]) {
    const { right } = sampled((task, seed) => {
      const others = tasks.filter(({ id }) => id !== task.id);
      return shown(new RandomStream(seed, `demonstrations of ${task.id}`).shuffle(others).slice(0, count));
    });
    const rate = right.map((found) => found / (samples * tasks.length));
    rates.set(count, rate);
    const difference = meanWithInterval(rate.map((value, seed) => value - rates.get(0)[seed]));
    console.log(
      `${String(count).padStart(4)}  pass@1 ${interval(meanWithInterval(rate), 4)}; over none ${interval(difference, 4)}`,
    );
  }
  console.log("");
}

/** The ratio of two means over the same seeds, with the 95 % interval of 2,000 draws of the seeds. */
function ratio(rates, base) {
  const mean = (values, of) => of.reduce((sum, seed) => sum + values[seed], 0) / of.length;
  const all = rates.map((_, seed) => seed);
  const random = new RandomStream(0, "draws of the seeds");
  const drawn = Array.from({ length: 2000 }, () => {
    const seeds = all.map(() => random.below(all.length));
    return mean(rates, seeds) / mean(base, seeds);
  }).toSorted((a, b) => a - b);
  const [low, high] = [drawn[50], drawn[1949]].map((value) => value.toFixed(2));
  return `${(mean(rates, all) / mean(base, all)).toFixed(2)}x, 95 % interval ${low} to ${high}`;
}

async function policies() {
  const kinds = {
    "adaptive:1": { kind: "adaptive", levels: 1 },
    "adaptive:2": { kind: "adaptive", levels: 2 },
    "adaptive:3": { kind: "adaptive", levels: 3 },
    "adaptive:4": { kind: "adaptive", levels: 4 },
    "hard-only": { kind: "hard-only" },
    random: { kind: "random", seed: 0 },
  };
  console.log(
    `tasks solved of ${tasks.length}, ${seeds} seeds, ${rollouts} samples a task and iteration, 95 % intervals`,
  );
  const only = process.argv.indexOf("--policy");
  const chosen = Object.entries(kinds).filter(([name]) => only < 0 || process.argv[only + 1] === name);
  const runs = new Map(chosen.map(([name]) => [name, []]));
  for (let seed = 0; seed < seeds; seed++) {
    const learners = new Map();
    for (const [name, policy] of chosen) {
      const seeded = policy.kind === "random" ? { ...policy, seed } : policy;
      learners.set(name, await learn({ policy: seeded, seed, maximumIterations: 16 }));
    }
    // Plain sampling does not depend on its cap: one run, as long as the longest learner's, has all controls in it.
    const longest = Math.max(...[...learners.values()].map(({ samples }) => samples));
    const solvedAt = [];
    let taken = 0;
    await learn({
      policy: { kind: "resample" },
      seed,
      maximumIterations: 10_000,
      maximumSamples: longest,
      append: (event) => {
        if (
          event.type === "sample" &&
          ++taken &&
          event.verdict === "ok" &&
          !solvedAt.some((one) => one.task === event.task)
        )
          solvedAt.push({ task: event.task, taken });
      },
    });
    for (const [name, learner] of learners) {
      const control = solvedAt.filter((one) => one.taken <= learner.samples).length;
      runs.get(name).push({ learner: solved(learner), control, samples: learner.samples });
    }
  }
  for (const [name, rows] of runs) {
    const of = (pick) => interval(meanWithInterval(rows.map(pick)), 1);
    console.log(
      `  ${name.padEnd(12)} ${of(({ learner }) => learner)}; resampling as often ${of(({ control }) => control)}; difference ${of(({ learner, control }) => learner - control)}; ${of((run) => run.samples)} samples`,
    );
  }
  const found = tasks.filter(
    (task) => enumerate(verifiers.get(task.id), { maximumApplications: 2e5 }).stop === "solved",
  );
  console.log(`  the enumerator, 200,000 operators tried for each task: ${found.length}`);
}

function solved({ state }) {
  return state.experiences.length;
}

function learn({ policy, seed, maximumIterations, maximumSamples, append = () => {} }) {
  const spec = {
    tasks: tasks.map(({ id }) => id),
    policy,
    seed,
    model: synthesizerName,
    rollouts,
    temperatures: [0.7],
    maxTokens: 1024,
    guardian: "auto",
    rule: "strict",
    maximumIterations,
    ...(maximumSamples !== undefined && { maximumSamples }),
  };
  const model = {
    async complete({ model, messages, temperature, seed: own }) {
      const { body } = answerChat(JSON.stringify({ model, messages, temperature, seed: own }));
      return { text: JSON.parse(body).choices[0].message.content, usage: null, attempts: 1 };
    },
  };
  return runLearning({ spec, tasks, model, append });
}
