/** Makes a space of parameters: checks them, binds their constraints, orders and builds the trees. */
import { TunerError } from "../errors.ts";
import { type Fault, renderFaults } from "../fault.ts";
import { checkParameters } from "./check-parameters.ts";
import { type BoundConstraint, Scope } from "./constraint/scope.ts";
import { ConstraintFault } from "./constraint/token.ts";
import { type Parameter, valueCount } from "./parameter.ts";
import { Space } from "./space.ts";
import { buildTree } from "./trees/build-tree.ts";
import { FreeTree } from "./trees/free-tree.ts";
import { orderTrees } from "./trees/order.ts";

/** What checking found: faults, and the space unless one of them is an error. */
export interface SpaceCheck {
  readonly space: Space | undefined;
  readonly faults: readonly Fault[];
}

/** Makes a space. @throws {TunerError} `space` naming all faults, `space-too-large` if its trees cannot be built. */
export function createSpace(parameters: readonly Parameter[]): Space {
  const { space, faults } = checkSpace(parameters);
  if (space === undefined) throw new TunerError("space", renderFaults(faults, "space"));
  return space;
}

/** Checks parameters and makes their space; faults are collected instead of thrown. */
export function checkSpace(declared: readonly Parameter[]): SpaceCheck {
  const faults: Fault[] = [];
  const parameters = checkParameters(declared, faults);
  if (failed(faults)) return { space: undefined, faults };
  const scope = new Scope(parameters);
  for (const name of scope.clashes) {
    faults.push({
      severity: "error",
      code: "duplicate",
      message: `a permutation brings the name ${name} too`,
      path: name,
      help: "rename the parameter",
    });
  }
  const bound = parameters.map((parameter) => bindAll(parameter, scope, faults));
  if (failed(faults)) return { space: undefined, faults };
  const dependencies = parameters.map((parameter, p) => dependenciesOf(parameter, bound[p]!, { parameters, faults }));
  const space = failed(faults) ? undefined : assemble({ parameters, scope, bound, dependencies }, faults);
  return { space, faults };
}

function failed(faults: readonly Fault[]): boolean {
  return faults.some(({ severity }) => severity === "error");
}

function bindAll(parameter: Parameter, scope: Scope, faults: Fault[]): BoundConstraint[] {
  return (parameter.constraints ?? []).flatMap((text, index) => {
    const path = `${parameter.name}.constraints[${index}]`;
    try {
      const bound = scope.bind(text);
      for (const { message, start, end } of bound.warnings) {
        faults.push({ severity: "warning", code: "constraint", message, path, span: [start, end] });
      }
      return [bound];
    } catch (error) {
      if (!(error instanceof ConstraintFault)) throw error;
      const { message, start, end, help } = error;
      const span = [start, end] as const;
      faults.push({
        severity: "error",
        code: "constraint",
        message,
        path,
        span,
        ...(help === undefined ? {} : { help }),
      });
      return [];
    }
  });
}

function dependenciesOf(
  parameter: Parameter,
  bound: readonly BoundConstraint[],
  { parameters, faults }: { readonly parameters: readonly Parameter[]; readonly faults: Fault[] },
): number[] {
  const indexOf = new Map(parameters.map(({ name }, index) => [name, index]));
  const own = indexOf.get(parameter.name)!;
  const dependencies: number[] = [];
  for (const [index, name] of (parameter.dependencies ?? []).entries()) {
    const at = indexOf.get(name);
    const path = `${parameter.name}.dependencies[${index}]`;
    if (at !== undefined) dependencies.push(at);
    else
      faults.push({
        severity: "error",
        code: "dependency",
        message: `there is no parameter ${JSON.stringify(name)}`,
        path,
      });
  }
  const read = bound.flatMap(({ conditions }) => conditions.flatMap(({ reads }) => reads)).filter((at) => at !== own);
  for (const at of new Set(read)) {
    if (dependencies.includes(at)) continue;
    dependencies.push(at);
    if (parameter.dependencies === undefined) continue;
    const message = `${parameters[at]!.name} is read by a constraint but not listed; it is added`;
    faults.push({ severity: "warning", code: "dependency", message, path: `${parameter.name}.dependencies` });
  }
  return dependencies;
}

interface Parts {
  readonly parameters: readonly Parameter[];
  readonly scope: Scope;
  readonly bound: readonly (readonly BoundConstraint[])[];
  readonly dependencies: readonly (readonly number[])[];
}

function assemble({ parameters, scope, bound, dependencies }: Parts, faults: Fault[]): Space | undefined {
  const counts = parameters.map(valueCount);
  const discrete = parameters.flatMap(({ kind }, p) => (kind === "real" ? [] : [p]));
  const order = orderTrees(discrete, dependencies);
  if ("cycle" in order) {
    const names = order.cycle.map((p) => parameters[p]!.name);
    const message = `parameters depend on each other in a circle: ${[...names, names[0]].join(" -> ")}`;
    const help = "move a constraint to the parameter that is decided last";
    faults.push({ severity: "error", code: "dependency", message, path: `${names[0]}.dependencies`, help });
    return undefined;
  }
  const conditions = bound.flat().flatMap((each) => each.conditions);
  const inTrees = conditions.filter(({ reads }) => reads.every((p) => parameters[p]!.kind !== "real"));
  const trees = order.trees.map((members) => {
    const own = inTrees.filter(({ reads }) => reads.length > 0 && members.includes(reads[0]!));
    if (members.length === 1 && own.length === 0) return new FreeTree(members[0]!, counts[members[0]!]!);
    return buildTree({ scope, counts, order: members, conditions: own });
  });
  const row = new Float64Array(scope.width);
  const never = conditions.some(({ reads, holds }) => reads.length === 0 && !holds(row));
  const empty = trees.find(({ leaves }) => leaves === 0);
  if (never || empty !== undefined) {
    const names = (empty?.parameters ?? []).map((p) => parameters[p]!.name);
    const message = never ? "a constraint never holds" : `no values of ${names.join(", ")} meet the constraints`;
    faults.push({ severity: "error", code: "empty-space", message, path: names[0] ?? "" });
    return undefined;
  }
  const texts = parameters.flatMap((each) => each.constraints ?? []);
  const constraints = bound.flat().map((each, index) => ({ text: texts[index]!, conditions: each.conditions }));
  return new Space({ parameters, trees, scope, constraints });
}
