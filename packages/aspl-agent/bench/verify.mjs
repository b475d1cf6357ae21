// Verifications a second of one core, over the 406 recorded programs; the interpreter over loops written by hand; one
// canonical text for each program over comparing programs in pairs.
// Usage, after a build: node bench/verify.mjs
import { isDeepStrictEqual } from "node:util";
import { canonicalText, drawSet, Interpreter, readOpList, typecheck, Verifier } from "../dist/index.js";
import { corpus, cpuSeconds, goldenOf, repeated, tasks } from "./recorded.mjs";

const taskOf = new Map(tasks.map((task) => [task.id, task]));
const programs = corpus.flatMap((file) => file.programs.map((program) => ({ task: file.task, program })));

console.log("No language model is involved in any figure here; seconds are of one core, medians of 5 runs.\n");
verifications();
interpretation();
duplicates();

function verifications() {
  const make = (options) => new Map(tasks.map((task) => [task.id, new Verifier(task, options(task))]));
  const cold = cpuSeconds(() => make(() => ({})));
  const setUp = repeated(3, () => make(() => ({})));
  const drawn = make(() => ({}));
  const recorded = make((task) => ({ recorded: goldenOf(task) }));
  const one = (verifiers) =>
    repeated(5, () => {
      for (const { task, program } of programs) verifiers.get(task).verifyOpList(program);
    });
  console.log(`verification of ${programs.length} programs for ${tasks.length} tasks`);
  // In-process simulation by the published operator library takes about 9 ms a program, a test process 4.3 s.
  for (const [name, verifiers] of [
    ["drawn sets", drawn],
    ["drawn and recorded sets", recorded],
  ]) {
    const rate = programs.length / one(verifiers);
    console.log(
      `  ${name.padEnd(26)} ${rate.toFixed(0)} a second (goal 500); ${(rate * 0.009).toFixed(1)}x the published library in process, ${(rate * 4.3).toFixed(0)}x a test process each`,
    );
  }
  const each = (seconds) => ((1000 * seconds) / tasks.length).toFixed(1);
  console.log(`  setting up a task's judge   ${each(cold)} ms at first, ${each(setUp)} ms warm, once a task\n`);
}

function interpretation() {
  const sizes = { M: 12, N: 24, K: 48, D: 32 };
  const handwritten = new Map([
    ["bmm/bmm_0", batched(sizes)],
    ["gemm/G_0_6_03", reduced(sizes)],
    ["attn/G_0_4_01", attended(sizes)],
  ]);
  console.log(`interpreter over loops by hand, at ${JSON.stringify(sizes)}`);
  for (const [id, byHand] of handwritten) {
    const task = taskOf.get(id);
    const set = drawSet(task, sizes, 1);
    const { types } = typecheck(task.reference, task);
    const interpreter = new Interpreter(task, set);
    const run = () => interpreter.run(task.reference, types);
    const inputs = task.inputs.map(({ name }) => set.inputs[name][0].values);
    const wanted = byHand(...inputs);
    const found = run().values.get(task.reference.returns[0])[0];
    const error = found.reduce((worst, value, at) => Math.max(worst, Math.abs(value - wanted[at])), 0);
    if (found.length !== wanted.length || error > 1e-9)
      throw new Error(`${id}: loops and interpreter differ by ${error}`);
    const [ours, theirs] = [repeated(5, run), repeated(5, () => byHand(...inputs))];
    console.log(
      `  ${id.padEnd(16)} ${(1000 * ours).toFixed(2)} ms over ${(1000 * theirs).toFixed(2)} ms: ${(ours / theirs).toFixed(1)}x`,
    );
  }
  console.log("");
}

/** Batched products, as sums of outer products. */
function batched({ M, N, K, D }) {
  return (a, b) => {
    const out = new Float64Array(M * N * D);
    for (let m = 0; m < M; m++)
      for (let k = 0; k < K; k++)
        for (let n = 0; n < N; n++) {
          const left = a[(m * K + k) * N + n];
          for (let d = 0; d < D; d++) out[(m * N + n) * D + d] += left * b[(m * K + k) * D + d];
        }
    return out;
  };
}

/** Products summed over the outermost axis. */
function reduced({ M, N, K }) {
  return (a, b) => {
    const out = new Float64Array(M * N);
    for (let k = 0; k < K; k++) for (let i = 0; i < M * N; i++) out[i] += a[k * M * N + i] * b[k * M * N + i];
    return out;
  };
}

/** Softmax over a row of scores, times values, in one pass. */
function attended({ M, N, D }) {
  return (scores, values) => {
    const out = new Float64Array(N * D);
    const sum = new Float64Array(D);
    for (let n = 0; n < N; n++) {
      let [top, total] = [Number.NEGATIVE_INFINITY, 0];
      sum.fill(0);
      for (let m = 0; m < M; m++) {
        const score = scores[n * M + m];
        const next = Math.max(top, score);
        const [old, fresh] = [Math.exp(top - next), Math.exp(score - next)];
        total = total * old + fresh;
        for (let d = 0; d < D; d++) sum[d] = sum[d] * old + fresh * values[(n * M + m) * D + d];
        top = next;
      }
      for (let d = 0; d < D; d++) out[n * D + d] = sum[d] / total;
    }
    return out;
  };
}

function duplicates() {
  const read = programs.map(({ program }) => readOpList(program)).filter((one) => "program" in one);
  const all = read.map(({ program }) => program);
  const texts = () => new Set(all.map((program) => canonicalText(program)));
  const pairs = () => {
    const kept = [];
    // Names as they come: pairwise comparison with renaming would cost more still.
    for (const { ops, returns } of all)
      if (!kept.some((one) => isDeepStrictEqual(one, { ops, returns }))) kept.push({ ops, returns });
    return kept;
  };
  const [ours, theirs] = [repeated(5, texts), repeated(3, pairs)];
  console.log(
    `duplicates among ${all.length} programs: canonical texts ${(1000 * ours).toFixed(1)} ms (${texts().size} different), in pairs ${(1000 * theirs).toFixed(1)} ms (${pairs().length} different without renaming): ${(theirs / ours).toFixed(0)}x`,
  );
}
