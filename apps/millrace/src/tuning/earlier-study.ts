/** What an earlier study found, from its log or from a CSV as BaCO writes it, for one that begins where it ended. */
import { createHash } from "node:crypto";
import { type EarlierTrial, earlierTrials, readCsv, type Scenario } from "@millrace/baco-tuner";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readWhole } from "../files/read.ts";
import { namingFile } from "./fault-in-file.ts";

/** What worked there, and what tells logs apart. */
export interface EarlierStudy {
  readonly trials: readonly EarlierTrial[];
  readonly digest: string;
}

/**
 * Reads an earlier study for a scenario; notes what of it the space does not have.
 *
 * @throws {MillraceError} `argument`; `file-kind` for a CSV that is not of this space
 */
export function earlierStudy(name: string, scenario: Scenario, place: Workplace): EarlierStudy {
  const { space, objectives } = scenario;
  if (objectives.length > 1)
    throw new MillraceError("argument", `--after is for one objective; the scenario has ${objectives.join(" and ")}`);
  const bytes = readWhole(place.host.folder, name);
  const text = new TextDecoder().decode(bytes);
  const trials = namingFile(name, () => (name.endsWith(".csv") ? csvTrials(text, scenario) : earlierTrials(text)));
  if (trials.length === 0) throw new MillraceError("argument", `${name} is of no study in which anything worked`);
  const valid = trials.filter(({ config }) => !("message" in space.locate(config)));
  if (valid.length < 2)
    throw new MillraceError("argument", `${name} is of another space: ${valid.length} of its configurations are valid`);
  if (valid.length < trials.length)
    place.note(
      `note: ${trials.length - valid.length} of ${trials.length} configurations in ${name} are not valid here`,
    );
  return { trials: valid, digest: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}

function csvTrials(text: string, { space, objectives, settings }: Scenario): EarlierTrial[] {
  const rows = readCsv(text, { space, objective: objectives[0]!, others: [], settings });
  return rows.flatMap(({ config, outcome }) => (outcome.ok ? [{ config, value: outcome.value }] : []));
}
