/** The log of an earlier study, for one that begins where it ended. */
import { createHash } from "node:crypto";
import { type EarlierTrial, earlierTrials, type Scenario } from "@millrace/baco-tuner";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readWhole } from "../files/read.ts";

/** What worked there, and what tells logs apart. */
export interface EarlierStudy {
  readonly trials: readonly EarlierTrial[];
  readonly digest: string;
}

/** Reads a log for a scenario; notes what of it the space does not have. @throws {MillraceError} `argument` */
export function earlierStudy(name: string, { space, objectives }: Scenario, place: Workplace): EarlierStudy {
  if (objectives.length > 1)
    throw new MillraceError("argument", `--after is for one objective; the scenario has ${objectives.join(" and ")}`);
  const bytes = readWhole(place.host.folder, name);
  const trials = earlierTrials(new TextDecoder().decode(bytes));
  if (trials.length === 0)
    throw new MillraceError("argument", `${name} is the log of no study in which anything worked`);
  const valid = trials.filter(({ config }) => !("message" in space.locate(config)));
  if (valid.length < 2)
    throw new MillraceError("argument", `${name} is of another space: ${valid.length} of its configurations are valid`);
  if (valid.length < trials.length)
    place.note(
      `note: ${trials.length - valid.length} of ${trials.length} configurations in ${name} are not valid here`,
    );
  return { trials: valid, digest: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}
