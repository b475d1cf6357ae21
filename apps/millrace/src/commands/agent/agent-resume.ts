/** `millrace agent resume DIR` and `millrace agent replay DIR`: a run from its folder. */
import type { LearningSpec } from "@millrace/aspl-agent";
import { buildCommand, type Command } from "@stricli/core";
import { LearningFolder } from "../../agent/learning-folder.ts";
import { openModel } from "../../agent/model-source.ts";
import { learn, replay } from "../../agent/run-agent.ts";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, jsonText, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";

const folderArgument = { brief: "Folder of the run", placeholder: "DIR", parse: String } as const;

/** The `agent resume` command. */
export const agentResume: Command<Invocation> = buildCommand<CommonFlags, [string], Invocation>({
  docs: {
    brief: "Go on with a run from wherever it was left",
    customUsage: ["DIR"],
    fullDescription: describe(
      "Reads the events and calls that the run kept, and goes on. The end is what it would have been without a break; calls\nthat were answered are not made again.",
      ["millrace agent resume out/agent"],
    ),
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [folderArgument] } },
  func: presenting<CommonFlags, [string]>("report", async (_flags, place, name) => {
    const folder = new LearningFolder(place.host.folder, name);
    const { choice, jobs } = folder.record();
    const source = await openModel(choice, place.host);
    try {
      const outcome = await learn(
        { spec: specIn(folder), tasks: folder.tasks(), folder, jobs, budget: {} },
        source,
        place,
      );
      folder.write("report.json", jsonText(outcome.json()));
      return outcome;
    } finally {
      source.close();
    }
  }),
});

/** The `agent replay` command. */
export const agentReplay: Command<Invocation> = buildCommand<CommonFlags, [string], Invocation>({
  docs: {
    brief: "Repeat a run from its recorded calls, without any model",
    customUsage: ["DIR"],
    fullDescription: describe(
      "Runs the loop and the verifier again on the answers that were recorded, opens no connection, and compares the events:\nstatus 3 if they differ, status 2 naming the call that the recording lacks.",
      ["millrace agent replay out/agent --json"],
    ),
  },
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [folderArgument] } },
  func: presenting<CommonFlags, [string]>("report", (_flags, place, name) => {
    const folder = new LearningFolder(place.host.folder, name);
    const { jobs } = folder.record();
    return replay({ spec: specIn(folder), tasks: folder.tasks(), folder, jobs, budget: {} }, folder, place);
  }),
});

function specIn(folder: LearningFolder): LearningSpec {
  const first = folder.events()[0];
  if (first?.type === "run") return first.spec;
  const { spec } = folder.record();
  if (first === undefined && spec !== undefined) return spec;
  throw new MillraceError("file-kind", `${folder.name}/events.jsonl does not begin with the run's settings`, {
    help: "start the run anew in another folder",
  });
}
