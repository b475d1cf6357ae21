/** Puts each stage behind those that it takes from; a circle of stages that wait for each other is a fault. */
import type { DiagnosticBag, Span } from "@millrace/ir-text";
import type { Stage } from "../pipeline.ts";
import { report } from "./written-value.ts";

/** A stage with the places where it names others. */
type Referring = Stage & { readonly sources: readonly { readonly stage: string; readonly span: Span }[] };

/** The stages in an order in which they can run: as they are written, as far as that is one. Each circle is reported once. */
export function orderStages(stages: readonly Referring[], bag: DiagnosticBag): readonly Stage[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const ordered: Stage[] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (stage: Referring): void => {
    if (state.has(stage.name)) return;
    state.set(stage.name, "open");
    path.push(stage.name);
    for (const { stage: name, span } of stage.sources) {
      const source = byName.get(name);
      if (source === undefined) continue;
      if (state.get(name) === "open") {
        const circle = [...path.slice(path.indexOf(name)), name].join(" <- ");
        report(bag, span, `stages wait for each other: ${circle}`, "a stage takes what stages before it give");
      } else visit(source);
    }
    path.pop();
    state.set(stage.name, "done");
    const { sources: _, ...plain } = stage;
    ordered.push(plain);
  };
  for (const stage of stages) visit(stage);
  return ordered;
}
