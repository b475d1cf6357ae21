/** Records the lines that the turns of one unit read, and gathers turns that read none into the group before them. */
import { type AccessTrace, lineBytes, type StageTrace, type UnitTrace } from "./access-trace.ts";
import { NumberList } from "./number-list.ts";
import type { UnitNode } from "./unit-tree.ts";

/** The trace of one unit while it is made. */
export class TurnRecorder {
  readonly trace: UnitTrace;
  readonly #groupsOfFibre = new NumberList();
  readonly #turns = new NumberList();
  readonly #stages: readonly StageTrace[];
  readonly #kind: number;
  readonly #script: AccessTrace["script"];
  // New lines of the turn at hand, by stage; and the group at hand.
  readonly #fresh: Int32Array;
  #anyFresh = false;
  #groups = 0;
  #held = 0;

  constructor(unit: UnitNode, stages: number, script: AccessTrace["script"]) {
    this.#stages = Array.from({ length: stages }, () => ({
      requests: new NumberList(),
      lines: new NumberList(),
      streams: new NumberList(),
    }));
    this.#fresh = new Int32Array(stages);
    this.#kind = 3 * unit.index + 1;
    this.#script = script;
    this.trace = {
      depth: unit.depth,
      children: unit.children.map(({ index }) => index),
      groupsOfFibre: this.#groupsOfFibre,
      turns: this.#turns,
      stages: this.#stages,
    };
  }

  /** Notes that a stream reads the line of this byte, unless it holds that line; returns the line. */
  read(stream: { readonly number: number; readonly stage: number; line: number }, byte: number): void {
    const line = Math.floor(byte / lineBytes);
    if (line === stream.line) return;
    stream.line = line;
    const stage = this.#stages[stream.stage]!;
    stage.lines.push(line);
    stage.streams.push(stream.number);
    this.#fresh[stream.stage]! += 1;
    this.#anyFresh = true;
  }

  /** Ends so many turns, of which the first alone may have read. */
  turn(count = 1): void {
    if (this.#anyFresh || this.#held === 0) {
      this.#closeGroup();
      for (let stage = 0; stage < this.#fresh.length; stage++) {
        this.#stages[stage]!.requests.push(this.#fresh[stage]!);
        this.#fresh[stage] = 0;
      }
      this.#anyFresh = false;
      this.#groups += 1;
    }
    this.#held += count;
  }

  /** Ends a group, so that inner units start once for each turn. */
  closeTurn(): void {
    this.turn();
    this.#closeGroup();
  }

  /** Ends a fibre. */
  closeFibre(): void {
    this.#closeGroup();
    this.#groupsOfFibre.push(this.#groups);
    this.#groups = 0;
  }

  #closeGroup(): void {
    if (this.#held === 0) return;
    this.#turns.push(this.#held);
    this.#script.kinds.push(this.#kind);
    this.#script.turns.push(this.#held);
    this.#held = 0;
  }
}
