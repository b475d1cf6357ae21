/** `read-routing`: the experts that each token of a batch was sent to, as a trace recorded it. */

import { routingStatistics } from "@millrace/sieve-pim";
import { modelNamed, models, routingTrace } from "@millrace/step-ir";
import { MillraceError } from "../../../errors.ts";
import { readTrace, routingKind } from "../../../step/read-trace.ts";
import { formatCount } from "../../../terminal/quantity.ts";
import { file } from "../../options/file-options.ts";
import { choice, integer } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const readRouting: StageKind = stageKind({
  name: "read-routing",
  brief: "Reads which experts each token of a batch was sent to",
  packages: ["step-ir", "sieve-pim"],
  inputs: {},
  options: {
    trace: file("Experts of each token: .json, .npy or .npz", "a file"),
    model: choice(
      "The model that was recorded",
      models.map(({ name }) => name),
    ),
    batch: integer("Take the first so many tokens; all unless given", { least: 0, most: 1_000_000, fallback: 0 }),
  },
  output: "routing",
  async run({ options: { trace, model: name, batch }, place }) {
    const list = await readTrace(place.folder, trace, routingKind);
    const rows = (Array.isArray(list) ? list : []) as readonly (readonly number[])[];
    const experts = batch === 0 ? rows : rows.slice(0, batch);
    if (experts.length === 0 || !experts.every(Array.isArray)) {
      throw new MillraceError("file-kind", `${trace} is no routing trace: expected the experts of each token`);
    }
    const model = modelNamed(name);
    const { counts } = routingTrace(experts, model.experts);
    const slots = experts.length * model.chosen;
    const { active, most, gini } = routingStatistics(Uint32Array.from(counts));
    return {
      output: { model: name, trace, experts, counts },
      gave: `${formatCount(experts.length)} tokens in ${formatCount(slots)} slots of ${active} experts, at most ${most} in one`,
      check: {
        against: "the model's experts per token",
        compared: experts.length,
        differing: experts.filter((each) => each.length !== model.chosen).length,
        unit: "tokens",
      },
      tables: [
        {
          title: `Tokens of each expert; Gini coefficient ${gini.toFixed(3)}`,
          columns: ["expert", "tokens"],
          rows: counts.map((count, expert) => [expert, count]),
        },
      ],
    };
  },
});
