/** A plan in words, for people. */
import { cutTarget, type PartitionPlan, unitWork } from "./plan.ts";

/** Cuts shown in full before the middle ones are left out. */
const shownCuts = 24;

/** How a space is divided: its drivers, its work, the bound, and where the cuts lie. */
export function explain(plan: PartitionPlan): string {
  const { space, work, units, bound, cost, strategy } = plan;
  const parts = unitWork(plan);
  const most = parts.reduce((largest, part) => Math.max(largest, part), 0);
  const drivers = space.drivers.map(({ name, levels, weight }) => {
    const kinds = levels.map(({ kind }) => kind).join(", ");
    return `  driver ${name}: ${kinds}${weight === 1 ? "" : `, weight ${weight}`}`;
  });
  const visits = space.variables.filter(({ visitWeight }) => visitWeight > 0);
  const searched =
    units > 1 && strategy === "balanced" ? `, ${(cost.rankQueries / (units - 1)).toFixed(1)} rank queries a cut` : "";
  return [
    `divide over ${space.variables.map(({ name, size }) => `${name} (${size})`).join(", ")}`,
    ...drivers,
    ...visits.map(({ name, visitWeight }) => `  a visit of ${name} counts ${visitWeight}`),
    ...(space.subtrees === undefined ? [] : [`  within ${space.subtrees.count} subtrees that are left`]),
    `  work ${work} in ${units} units: at most ${bound} each, ${most} in the largest, mean ${(work / units).toFixed(2)}${searched}`,
    ...cutLines(plan),
  ].join("\n");
}

function cutLines({ space, cuts, work, units }: PartitionPlan): string[] {
  const names = space.variables.map(({ name }) => name);
  const lines: string[] = [];
  for (let u = 1; u < cuts.length - 1; u++) {
    if (cuts.length > shownCuts && u > shownCuts / 2 && u < cuts.length - shownCuts / 2) {
      if (lines.at(-1) !== "    …") lines.push("    …");
      continue;
    }
    const { tuple, subtree, work: before } = cuts[u]!;
    const place = tuple.map((coordinate, v) => `${names[v]}=${coordinate}`).join(" ");
    const within = space.subtrees === undefined ? "" : `subtree ${subtree}, `;
    lines.push(`    cut ${u}: before ${within}${place}; work ${before} (aimed at ${cutTarget(work, units, u)})`);
  }
  return lines;
}
