/**
 * One loop level of a product or of a sum: scanning the levels that store the loop's variable, and joining them.
 */
import type { GraphBuilder, OutPort } from "./graph-builder.ts";
import { lazy, type OperandView } from "./operand-view.ts";

/** What takes part in a join: a coordinate stream and the streams that run parallel to it. */
export interface JoinMember {
  readonly crd: OutPort;
  /** Streams parallel to `crd`, and what to do with each stream that the join makes of them. */
  readonly carried: readonly { readonly stream: OutPort; readonly accept: (joined: OutPort) => void }[];
  /** Whether every coordinate of the loop's extent is present in every fibre. */
  readonly complete: boolean;
}

/** Where blocks go, and how dense operands are met. */
export interface JoinContext {
  readonly builder: GraphBuilder;
  readonly variable: string;
  /** Look coordinates up in dense levels instead of scanning and intersecting these. */
  readonly locate: boolean;
}

/** Joins members by union or intersection; each stream a member carries comes out in step with the joined coordinates. */
export function join(kind: "intersect" | "union", members: readonly JoinMember[], context: JoinContext): JoinMember {
  const [first] = members;
  if (members.length === 1) {
    for (const { stream, accept } of first!.carried) accept(stream);
    return first!;
  }
  // A join block carries one stream for each member: further streams pass through further joins of the same coordinates.
  const rounds = Math.max(...members.map((member) => member.carried.length));
  const joins = Array.from({ length: rounds }, (_, round) => joinOnce(kind, members, round, context));
  for (const [at, member] of members.entries()) {
    for (const [round, { stream, accept }] of member.carried.entries()) {
      accept({ block: joins[round]!, port: `ref${at}`, kind: stream.kind });
    }
  }
  const complete = kind === "union" ? members.some((m) => m.complete) : members.every((m) => m.complete);
  return { crd: { block: joins[0]!, port: "crd", kind: "crd" }, carried: [], complete };
}

function joinOnce(
  kind: "intersect" | "union",
  members: readonly JoinMember[],
  round: number,
  context: JoinContext,
): string {
  const inputs: Record<string, OutPort> = {};
  for (const [at, { crd, carried }] of members.entries()) {
    inputs[`crd${at}`] = crd;
    inputs[`ref${at}`] = (carried[round] ?? carried[0]!).stream;
  }
  const { builder, variable } = context;
  return builder.add(`${kind}-${variable}`, { type: kind, index: variable, arity: members.length }, inputs);
}

/** The level of a product: the coordinates that all `views` (at least one) store for the variable. */
export function productLevel(views: readonly OperandView[], context: JoinContext): JoinMember {
  const located = context.locate ? locatable(views) : [];
  const scanned = views.filter((view) => !located.includes(view));
  const member = join(
    "intersect",
    scanned.map((view) => scan(view, context)),
    context,
  );
  let { crd } = member;
  const carrier = scanned[0]!;
  for (const view of located) crd = locate(view, carrier, crd, context);
  for (const view of views) view.depth += 1;
  return { crd, carried: views.map((view) => carry(view)), complete: member.complete };
}

// Dense levels can be looked up when at least one other level says where.
function locatable(views: readonly OperandView[]): OperandView[] {
  const dense = views.filter((view) => view.tensor.levels[view.depth] === "dense");
  return dense.length < views.length ? dense : dense.slice(1);
}

function scan(view: OperandView, { builder, variable }: JoinContext): JoinMember {
  const { tensor } = view.access;
  const format = view.tensor.levels[view.depth]!;
  const complete = format === "dense" && !view.maybeEmpty;
  const block = builder.add(
    `scan-${tensor}-${variable}`,
    { type: "scanner", tensor, level: view.depth, index: variable, format },
    { ref: view.ref() },
  );
  const stream: OutPort = { block, port: "ref", kind: "ref" };
  const accept = (joined: OutPort): void => {
    view.ref = () => joined;
  };
  return { crd: { block, port: "crd", kind: "crd" }, carried: [{ stream, accept }], complete };
}

function locate(view: OperandView, carrier: OperandView, crd: OutPort, { builder, variable }: JoinContext): OutPort {
  const { tensor } = view.access;
  const parent = view.depth > 0;
  const inputs = { crd, ref: carrier.ref(), ...(parent ? { parent: view.ref() } : {}) };
  const block = builder.add(
    `locate-${tensor}-${variable}`,
    { type: "locate", tensor, level: view.depth, index: variable, parent },
    inputs,
  );
  view.ref = () => ({ block, port: "ref0", kind: "ref" });
  carrier.ref = () => ({ block, port: "ref1", kind: "ref" });
  return { block, port: "crd", kind: "crd" };
}

function carry(view: OperandView): JoinMember["carried"][number] {
  return {
    stream: view.ref(),
    accept: (joined) => {
      view.ref = () => joined;
    },
  };
}

/** Repeats a stream once for each coordinate of the loop: what a view does in a loop whose variable it lacks. */
export function repeat(
  view: OperandView,
  crd: OutPort,
  { builder, variable }: JoinContext,
  signals: Map<string, OutPort>,
): void {
  const { ref } = view;
  const { tensor } = view.access;
  const root = view.depth === 0;
  view.ref = lazy(() => {
    const inputs = { ref: ref(), repsig: repeatSignal(crd, builder, variable, signals) };
    const block = builder.add(
      `repeat-${tensor}-${variable}`,
      { type: "repeat", index: variable, tensor, root, of: "ref" },
      inputs,
    );
    return { block, port: "ref", kind: "ref" };
  });
}

function repeatSignal(crd: OutPort, builder: GraphBuilder, variable: string, signals: Map<string, OutPort>): OutPort {
  const key = `${crd.block}.${crd.port}`;
  const made = signals.get(key);
  if (made !== undefined) return made;
  const block = builder.add(`repsiggen-${variable}`, { type: "repsiggen", index: variable }, { crd });
  const signal: OutPort = { block, port: "repsig", kind: "repsig" };
  signals.set(key, signal);
  return signal;
}
