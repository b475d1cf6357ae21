/** One loop of a fused expression: the coordinates of its operands, joined. */
import { FusionConflict } from "./fusion-conflict.ts";
import type { Netlist, OutPort } from "./netlist.ts";

/** A stream that runs parallel to coordinates, and what to do with what a join makes of it. */
export interface Carried {
  readonly stream: OutPort;
  readonly accept: (joined: OutPort) => void;
}

/** The coordinates of an operand along one loop. */
export interface LoopMember {
  readonly crd: OutPort;
  readonly carried: readonly Carried[];
  /** Whether every fibre has every coordinate. */
  readonly complete: boolean;
  /** Whether every fibre has a coordinate. */
  readonly nonempty: boolean;
  /** Whether streams further in are made already, so that no coordinate may be added or left out. */
  readonly rigid: boolean;
  /** The result whose streams they are, where they are rigid. */
  readonly of?: string;
  /** Told when a join adds coordinates that the operand lacks. */
  readonly lacks: () => void;
}

/** Members that are still to be joined; equal kinds of joins merge. */
export interface PendingJoin {
  readonly kind: "intersect" | "union";
  readonly members: readonly LoopMember[];
}

/** A join of one member. */
export const single = (member: LoopMember): PendingJoin => ({ kind: "intersect", members: [member] });

/** Joins pending joins; what is of the same kind becomes one join of all members. */
export function merge(
  kind: "intersect" | "union",
  parts: readonly PendingJoin[],
  place: { readonly netlist: Netlist; readonly variable: string },
): PendingJoin {
  const members = parts.flatMap((part) =>
    part.members.length === 1 || part.kind === kind ? part.members : [resolve(part, place)],
  );
  return { kind, members };
}

/** Builds the joins of the members: coordinates, and every carried stream in step with them. */
export function resolve(
  { kind, members }: PendingJoin,
  place: { readonly netlist: Netlist; readonly variable: string },
): LoopMember {
  const [first] = members;
  if (members.length === 1) return first!;
  const rigid = members.filter((member) => member.rigid);
  if (rigid.length > 0) return joinRigid(kind, members, place);
  if (kind === "union") for (const member of members) if (!member.complete) member.lacks();
  return joined(kind, members, place);
}

function joined(
  kind: "intersect" | "union",
  members: readonly LoopMember[],
  { netlist, variable }: { readonly netlist: Netlist; readonly variable: string },
): LoopMember {
  // A join block carries one stream for each member; further streams pass through further joins of the same coordinates.
  const rounds = Math.max(1, ...members.map(({ carried }) => carried.length));
  const results: OutPort[][] = members.map(() => []);
  let crd: OutPort | undefined;
  for (let round = 0; round < rounds; round++) {
    const inputs: Record<string, OutPort> = {};
    for (const [at, member] of members.entries()) {
      inputs[`crd${at}`] = member.crd;
      inputs[`ref${at}`] = (member.carried[round] ?? member.carried[0])?.stream ?? member.crd;
    }
    const arity = members.length;
    const block = netlist.add(`${kind}-${variable}`, { type: kind, index: variable, arity }, inputs);
    crd ??= { block, port: "crd", kind: "crd" };
    for (const [at, { carried }] of members.entries()) {
      const kept = carried[round];
      if (kept === undefined) continue;
      const { kind: carriedKind, axes } = kept.stream;
      const joinedKind = carriedKind === "val" ? "val" : "ref";
      results[at]!.push({ block, port: `ref${at}`, kind: joinedKind, ...(axes && { axes }) });
    }
  }
  const carried = members.flatMap((member, at) =>
    member.carried.map(({ accept }, round): Carried => ({ stream: results[at]![round]!, accept })),
  );
  return {
    crd: crd!,
    carried,
    rigid: false,
    ...certainty(kind, members),
    lacks: () => {
      for (const member of members) member.lacks();
    },
  };
}

/** What is certain of the coordinates of a join. */
function certainty(
  kind: "intersect" | "union",
  members: readonly LoopMember[],
): { readonly complete: boolean; readonly nonempty: boolean } {
  if (kind === "union") {
    return { complete: members.some((m) => m.complete), nonempty: members.some((m) => m.nonempty) };
  }
  const partial = members.filter(({ complete }) => !complete);
  return { complete: partial.length === 0, nonempty: partial.length < 2 && members.every((m) => m.nonempty) };
}

/**
 * The coordinates of `driver`, with the streams of the others where they have them and nothing elsewhere: the others are
 * intersected with the driver, and the driver is united with that.
 */
export function follow(
  driver: LoopMember,
  others: readonly LoopMember[],
  place: { readonly netlist: Netlist; readonly variable: string },
): LoopMember {
  let carried = driver.carried;
  for (const other of others) {
    if (other.rigid) throw conflict(place.variable, other.of);
    const own = carried;
    const guide: LoopMember = { ...driver, carried: [] };
    if (other.complete && !driver.rigid) {
      const both = joined("intersect", [{ ...guide, carried: own }, other], place);
      carried = both.carried;
      driver = { ...driver, crd: both.crd };
      continue;
    }
    other.lacks();
    const common = joined("intersect", [guide, other], place);
    const all = joined(
      "union",
      [
        { ...guide, carried: own },
        { ...common, lacks: () => {} },
      ],
      place,
    );
    carried = all.carried;
    driver = { ...driver, crd: all.crd };
  }
  return { ...driver, carried };
}

function joinRigid(
  kind: "intersect" | "union",
  members: readonly LoopMember[],
  place: { readonly netlist: Netlist; readonly variable: string },
): LoopMember {
  const rigid = members.filter((member) => member.rigid);
  const [driver] = rigid;
  if (rigid.length > 1) throw conflict(place.variable, driver?.of);
  const others = members.filter((member) => member !== driver);
  // A union would have to add whole fibres to streams that are made already.
  if (kind === "union") throw conflict(place.variable, driver?.of);
  return { ...follow(driver!, others, place), rigid: true };
}

function conflict(variable: string, tensor: string | undefined): FusionConflict {
  const what = tensor ?? "a result";
  const message = `${what} is summed over a loop outside ${variable}, so its fibres inside ${variable} are made before it is joined there`;
  return new FusionConflict(variable, message, tensor ?? null);
}
