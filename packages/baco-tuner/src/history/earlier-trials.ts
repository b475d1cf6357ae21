import type { EarlierTrial } from "../study/study.ts";
import { readRecords } from "./records.ts";

/** What worked in the study that a log is of, for a study that goes on from it: one of its own, of a like problem. */
export function earlierTrials(log: string): EarlierTrial[] {
  const asked = new Map<number, EarlierTrial["config"]>();
  const found: EarlierTrial[] = [];
  for (const record of readRecords(log).records) {
    if (record.record === "ask") asked.set(record.id, record.config);
    if (record.record !== "tell" || !record.outcome.ok) continue;
    const config = asked.get(record.id);
    if (config !== undefined) found.push({ config, value: record.outcome.value });
  }
  return found;
}
