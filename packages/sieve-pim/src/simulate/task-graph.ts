/** Tasks that take a resource for a time and wait for others: a graph, and its execution in order of time. */
import { SieveError } from "../errors.ts";

/** Tasks of one graph, in arrays that run parallel. A task may wait only for earlier ones, so there are no cycles. */
export class TaskGraph {
  readonly names: string[] = [];
  /** Resource that a task takes; -1 for none, as for meeting points. */
  readonly resource: number[] = [];
  readonly durationNs: number[] = [];
  /** Tasks that each waits for. */
  readonly waitsFor: (readonly number[])[] = [];
  readonly resources: string[] = [];
  readonly #byName = new Map<string, number>();

  /** The number of the resource called `name`. */
  resourceNamed(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.#byName.set(name, this.resources.length);
    return this.resources.push(name) - 1;
  }

  /**
   * Adds a task; returns its number.
   *
   * @throws {SieveError} `parameters` if the duration is no time, or it waits for a task that is not there yet.
   */
  add(task: {
    readonly name: string;
    readonly resource: number;
    readonly durationNs: number;
    readonly waitsFor: readonly number[];
  }): number {
    const { name, resource, durationNs, waitsFor } = task;
    if (!(durationNs >= 0 && durationNs < Number.POSITIVE_INFINITY)) {
      throw new SieveError("parameters", `task ${name} takes ${durationNs} ns`, { path: name });
    }
    if (waitsFor.some((other) => !(other >= 0 && other < this.names.length))) {
      throw new SieveError("parameters", `task ${name} waits for a task that is not there`, { path: name });
    }
    this.resource.push(resource);
    this.durationNs.push(durationNs);
    this.waitsFor.push(waitsFor);
    return this.names.push(name) - 1;
  }
}

/** When each task ran; arrays run parallel to those of the graph. */
export interface TaskTimes {
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** End of the last task. */
  readonly totalNs: number;
  /** [resource]: time that it was taken. */
  readonly busyNs: Float64Array;
}

/**
 * Runs a graph: a task starts when all it waits for have ended and its resource is free; of several that could take a
 * resource the one that could first goes first, of equal ones the one added first. A resource serves one task at a time.
 */
export function runTasks(graph: TaskGraph): TaskTimes {
  return new TaskRun(graph).run();
}

/** Time of all tasks one after the other. */
export function serialNs(graph: TaskGraph): number {
  return graph.durationNs.reduce((sum, time) => sum + time, 0);
}

class TaskRun {
  readonly #graph: TaskGraph;
  readonly #missing: Int32Array;
  readonly #readyNs: Float64Array;
  readonly #startNs: Float64Array;
  readonly #endNs: Float64Array;
  readonly #busyNs: Float64Array;
  /** Tasks that wait for each: those of task t are [start[t], start[t + 1]). */
  readonly #start: Int32Array;
  readonly #waiting: Int32Array;
  /** [resource]: tasks that are ready and wait for it, and when it is free. */
  readonly #queues: number[][];
  readonly #freeNs: Float64Array;

  constructor(graph: TaskGraph) {
    const tasks = graph.names.length;
    this.#graph = graph;
    this.#missing = Int32Array.from(graph.waitsFor, (others) => others.length);
    this.#readyNs = new Float64Array(tasks);
    this.#startNs = new Float64Array(tasks);
    this.#endNs = new Float64Array(tasks);
    this.#busyNs = new Float64Array(graph.resources.length);
    this.#queues = graph.resources.map(() => []);
    this.#freeNs = new Float64Array(graph.resources.length);
    this.#start = new Int32Array(tasks + 1);
    for (const others of graph.waitsFor) for (const other of others) this.#start[other + 1]! += 1;
    for (let task = 0; task < tasks; task++) this.#start[task + 1]! += this.#start[task]!;
    const next = this.#start.slice();
    this.#waiting = new Int32Array(this.#start[tasks]!);
    for (const [task, others] of graph.waitsFor.entries()) {
      for (const other of others) {
        this.#waiting[next[other]!] = task;
        next[other]! += 1;
      }
    }
  }

  run(): TaskTimes {
    const tasks = this.#graph.names.length;
    for (let task = 0; task < tasks; task++) if (this.#missing[task] === 0) this.#ready(task, 0);
    for (let done = 0; done < tasks; done++) {
      const task = this.#takeNext();
      this.#end(task);
    }
    return {
      startNs: this.#startNs,
      endNs: this.#endNs,
      totalNs: this.#endNs.reduce((most, end) => Math.max(most, end), 0),
      busyNs: this.#busyNs,
    };
  }

  readonly #free: number[] = [];

  #ready(task: number, at: number): void {
    this.#readyNs[task] = at;
    const resource = this.#graph.resource[task]!;
    (resource < 0 ? this.#free : this.#queues[resource]!).push(task);
  }

  /** The task that starts next: the earliest start over all queues, then the earliest ready, then the lowest number. */
  #takeNext(): number {
    let best: { queue: number[]; at: number; start: number } | null = null;
    const consider = (queue: number[], freeNs: number): void => {
      for (const [at, task] of queue.entries()) {
        const start = Math.max(freeNs, this.#readyNs[task]!);
        if (best !== null && !this.#before(task, start, best.queue[best.at]!, best.start)) continue;
        best = { queue, at, start };
      }
    };
    consider(this.#free, 0);
    for (const [resource, queue] of this.#queues.entries()) consider(queue, this.#freeNs[resource]!);
    const { queue, at, start } = best!;
    const [task] = queue.splice(at, 1);
    this.#startNs[task!] = start;
    return task!;
  }

  #before(task: number, start: number, other: number, otherStart: number): boolean {
    if (start !== otherStart) return start < otherStart;
    const ready = this.#readyNs[task]!;
    const otherReady = this.#readyNs[other]!;
    return ready !== otherReady ? ready < otherReady : task < other;
  }

  #end(task: number): void {
    const end = this.#startNs[task]! + this.#graph.durationNs[task]!;
    this.#endNs[task] = end;
    const resource = this.#graph.resource[task]!;
    if (resource >= 0) {
      this.#freeNs[resource] = end;
      this.#busyNs[resource]! += this.#graph.durationNs[task]!;
    }
    for (let at = this.#start[task]!; at < this.#start[task + 1]!; at++) {
      const waiting = this.#waiting[at]!;
      this.#missing[waiting]! -= 1;
      this.#readyNs[waiting] = Math.max(this.#readyNs[waiting]!, end);
      if (this.#missing[waiting] === 0) this.#ready(waiting, this.#readyNs[waiting]!);
    }
  }
}
