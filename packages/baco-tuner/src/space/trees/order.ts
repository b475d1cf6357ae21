/**
 * Which parameters share a tree, and in which order they are decided.
 *
 * Dependencies form a graph; its weakly connected components are the trees, in the order of their first
 * parameter. Inside a component, parameters are decided generation by generation: first those that depend on
 * nothing, then those all of whose dependencies are decided. Among equals, the order is that in which parameters
 * are first mentioned when each is followed by its dependencies, as in the published program.
 */

/** The trees as lists of parameters, or a cycle of dependencies. */
export type TreeOrder = { readonly trees: readonly (readonly number[])[] } | { readonly cycle: readonly number[] };

/**
 * Orders the parameters `declared`; `dependencies[p]` lists what must be decided before p, and may name
 * parameters outside them, which are passed over.
 */
export function orderTrees(declared: readonly number[], dependencies: readonly (readonly number[])[]): TreeOrder {
  const among = new Set(declared);
  const mentioned = declared.flatMap((member) => [member, ...dependencies[member]!]);
  const members = [...new Set(mentioned)].filter((member) => among.has(member));
  const dependents = new Map<number, number[]>(members.map((member) => [member, []]));
  const waiting = new Map<number, number>(members.map((member) => [member, 0]));
  for (const member of declared) {
    for (const dependency of new Set(dependencies[member])) {
      if (dependency === member || !dependents.has(dependency)) continue;
      dependents.get(dependency)!.push(member);
      waiting.set(member, waiting.get(member)! + 1);
    }
  }
  const component = components(members, dependents);
  const trees = new Map<number, number[]>();
  for (const member of members) trees.set(component.get(member)!, []);
  let generation = members.filter((member) => waiting.get(member) === 0);
  let placed = 0;
  while (generation.length > 0) {
    const next: number[] = [];
    for (const member of generation) {
      trees.get(component.get(member)!)!.push(member);
      placed += 1;
      for (const dependent of dependents.get(member)!) {
        const left = waiting.get(dependent)! - 1;
        waiting.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    generation = next;
  }
  if (placed < members.length) return { cycle: findCycle(members, dependencies, waiting) };
  return { trees: [...trees.values()] };
}

function components(
  members: readonly number[],
  dependents: ReadonlyMap<number, readonly number[]>,
): Map<number, number> {
  const root = new Map<number, number>(members.map((member) => [member, member]));
  const find = (member: number): number => {
    let at = member;
    while (root.get(at)! !== at) at = root.get(at)!;
    return at;
  };
  for (const [from, to] of dependents) for (const each of to) root.set(find(each), find(from));
  return new Map(members.map((member) => [member, find(member)]));
}

function findCycle(
  members: readonly number[],
  dependencies: readonly (readonly number[])[],
  waiting: ReadonlyMap<number, number>,
): number[] {
  const stuck = (member: number) => (waiting.get(member) ?? 0) > 0;
  const path: number[] = [];
  let at = members.find(stuck)!;
  while (!path.includes(at)) {
    path.push(at);
    at = dependencies[at]!.find((dependency) => dependency !== path.at(-1) && stuck(dependency))!;
  }
  return path.slice(path.indexOf(at)).reverse();
}
