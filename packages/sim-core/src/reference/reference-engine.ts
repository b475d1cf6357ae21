/**
 * The rules of channels and clocks, executed literally: one global clock, one tick at a time, one object per token.
 *
 * It shares no code with the fast engine and is its oracle: programs written for both must agree in every time and every
 * value. Use it in tests; it is slow, and an idle cycle costs as much as a busy one.
 */

/** A token in a reference channel. */
export interface ReferenceToken {
  readonly payload: number;
  readonly tag: number;
  /** First cycle in which it may be read. */
  readonly readableAt: number;
}

/** A channel as a list of tokens and a list of slots on their way back. */
export interface ReferenceChannel {
  readonly id: string;
  readonly capacity: number;
  readonly latency: number;
  readonly responseLatency: number;
  readonly tokens: ReferenceToken[];
  /** Times at which released slots are free again. */
  freeAt: number[];
  written: number;
  highWater: number;
}

/** What a reference node does next. Each step but `work` takes no time of its own. */
export type ReferenceStep =
  | { readonly do: "work"; readonly cycles: number }
  | { readonly do: "peek"; readonly channel: ReferenceChannel }
  | { readonly do: "release"; readonly channel: ReferenceChannel }
  | { readonly do: "write"; readonly channel: ReferenceChannel; readonly payload: number; readonly tag: number }
  /** Waits for a token in any of the channels and answers with the one that came first, ties to the first listed. */
  | { readonly do: "select"; readonly channels: readonly ReferenceChannel[] };

/** Answer to a step: the token of a `peek`, the token and place of a `select`; `null` when the stream has ended. */
export type ReferenceAnswer = { readonly token: ReferenceToken; readonly place: number } | null;

/** A node: its program yields steps and is answered. It ends by returning. */
export interface ReferenceNode {
  readonly id: string;
  readonly inputs: readonly ReferenceChannel[];
  readonly outputs: readonly ReferenceChannel[];
  readonly program: Generator<ReferenceStep, void, ReferenceAnswer>;
}

/** The counters that both engines share. */
export interface ReferenceReport {
  readonly cycles: number;
  readonly nodes: readonly {
    readonly id: string;
    readonly cycles: number;
    readonly busy: number;
    readonly starved: number;
    readonly blocked: number;
    readonly finished: boolean;
  }[];
  readonly channels: readonly { readonly id: string; readonly tokens: number; readonly highWater: number }[];
  /** Tokens that passed through channels, counted as the engines' hops. */
  readonly hops: number;
}

/** Makes an empty channel. */
export function referenceChannel(
  id: string,
  options: { readonly capacity?: number; readonly latency?: number; readonly responseLatency?: number } = {},
): ReferenceChannel {
  const { capacity = Number.POSITIVE_INFINITY, latency = 1, responseLatency = 1 } = options;
  return { id, capacity, latency, responseLatency, tokens: [], freeAt: [], written: 0, highWater: 0 };
}

/** A node under way: `step` is what it waits to do since cycle `since`; `null` once its program has returned. */
interface Run {
  readonly node: ReferenceNode;
  step: ReferenceStep | null;
  since: number;
  clock: number;
  starved: number;
  blocked: number;
}

/** Runs the nodes until all have ended or nothing can happen any more. */
export function simulateReference(nodes: readonly ReferenceNode[]): ReferenceReport {
  const ended = new Set<ReferenceChannel>();
  const runs = nodes.map((node): Run => ({ node, step: null, since: 0, clock: 0, starved: 0, blocked: 0 }));
  const channels = [...new Set(nodes.flatMap((node) => [...node.inputs, ...node.outputs]))];
  for (const run of runs) advance(run, null, ended);
  for (let now = 0; ; now++) {
    let acted = true;
    let any = false;
    // A node that ended lets its readers end in the same cycle: go round until nothing changes.
    while (acted) {
      acted = false;
      for (const run of runs) while (tryStep(run, now, ended)) acted = true;
      any ||= acted;
    }
    const working = runs.some((run) => run.step?.do === "work");
    const underWay = channels.some(
      (channel) => channel.tokens.some((token) => token.readableAt > now) || channel.freeAt.some((time) => time > now),
    );
    if (!any && !working && !underWay) break;
  }
  return report(runs, channels);
}

/** Does the step of one node if that is possible at cycle `now`. */
function tryStep(run: Run, now: number, ended: Set<ReferenceChannel>): boolean {
  const { step } = run;
  if (step === null || run.since > now) return false;
  switch (step.do) {
    case "work":
      if (now < run.since + step.cycles) return false;
      return complete(run, now, null, ended);
    case "peek":
      return tryRead(run, [step.channel], now, ended);
    case "select":
      return tryRead(run, step.channels, now, ended);
    case "release":
      step.channel.tokens.shift();
      step.channel.freeAt.push(now + step.channel.responseLatency);
      return complete(run, now, null, ended);
    case "write": {
      const { channel, payload, tag } = step;
      channel.freeAt = channel.freeAt.filter((time) => time > now);
      const held = channel.tokens.length + channel.freeAt.length;
      if (held >= channel.capacity) return false;
      channel.tokens.push({ payload, tag, readableAt: now + channel.latency });
      channel.written += 1;
      channel.highWater = Math.max(channel.highWater, held + 1);
      run.blocked += now - run.since;
      return complete(run, now, null, ended);
    }
  }
}

function tryRead(run: Run, channels: readonly ReferenceChannel[], now: number, ended: Set<ReferenceChannel>): boolean {
  let best: ReferenceAnswer = null;
  for (const [place, { tokens }] of channels.entries()) {
    const token = tokens[0];
    if (token === undefined || token.readableAt > now) continue;
    if (best === null || token.readableAt < best.token.readableAt) best = { token, place };
  }
  if (best !== null) {
    run.starved += now - run.since;
    return complete(run, now, best, ended);
  }
  if (!channels.every((channel) => ended.has(channel) && channel.tokens.length === 0)) return false;
  // The end of a stream takes no time: the node's clock stays where it was.
  advance(run, null, ended);
  return true;
}

function complete(run: Run, now: number, answer: ReferenceAnswer, ended: Set<ReferenceChannel>): boolean {
  run.clock = now;
  run.since = now;
  advance(run, answer, ended);
  return true;
}

function advance(run: Run, answer: ReferenceAnswer, ended: Set<ReferenceChannel>): void {
  const next = run.node.program.next(answer);
  run.step = next.done === true ? null : next.value;
  run.since = run.clock;
  if (next.done === true) for (const output of run.node.outputs) ended.add(output);
}

function report(runs: readonly Run[], channels: readonly ReferenceChannel[]): ReferenceReport {
  const nodes = runs.map(({ node, step, clock, starved, blocked }) => ({
    id: node.id,
    cycles: clock,
    busy: clock - starved - blocked,
    starved,
    blocked,
    finished: step === null,
  }));
  return {
    cycles: Math.max(0, ...nodes.map((node) => node.cycles)),
    nodes,
    channels: channels.map(({ id, written, highWater }) => ({ id, tokens: written, highWater })),
    hops: channels.reduce((sum, channel) => sum + channel.written, 0),
  };
}
