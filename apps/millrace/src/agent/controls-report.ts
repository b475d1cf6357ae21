/** What plain sampling and the enumerator did in a run, beside the learner. */
import type { LearningEvent } from "@millrace/aspl-agent";
import type { JsonValue } from "../terminal/json.ts";

interface Controls {
  /** `null` if there was none: the learner sampled plainly itself, or a cap came first. */
  readonly resample: { readonly samples: number; readonly solved: number } | null;
  /** `null` if it did not come to it. */
  readonly enumerator: {
    readonly tasks: number;
    readonly solved: readonly string[];
    readonly applications: number;
  } | null;
}

function controlsOf(events: readonly LearningEvent[]): Controls {
  const samples = events.flatMap((event) => (event.type === "sample" && event.phase === "resample" ? [event] : []));
  const right = new Set(samples.filter(({ verdict }) => verdict === "ok").map(({ task }) => task));
  const enumerated = events.flatMap((event) => (event.type === "enumerated" ? [event] : []));
  const solved = enumerated.filter(({ program }) => program !== null).map(({ task }) => task);
  const applications = enumerated.reduce((sum, one) => sum + one.applications, 0);
  return {
    resample: samples.length === 0 ? null : { samples: samples.length, solved: right.size },
    enumerator: enumerated.length === 0 ? null : { tasks: enumerated.length, solved, applications },
  };
}

/** As values. */
export function controlsJson(events: readonly LearningEvent[]): JsonValue {
  const { resample, enumerator } = controlsOf(events);
  return {
    resample: resample && { ...resample },
    enumerator: enumerator && { ...enumerator, solved: [...enumerator.solved] },
  };
}

/** As lines. */
export function controlsText(events: readonly LearningEvent[]): string {
  const { resample, enumerator } = controlsOf(events);
  const lines: string[] = [];
  if (resample !== null) lines.push(`plain sampling, ${resample.samples} samples: ${resample.solved} solved`);
  if (enumerator !== null) {
    const { tasks, solved, applications } = enumerator;
    lines.push(`the enumerator, no model, ${applications} operators tried: ${solved.length} of ${tasks} solved`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
