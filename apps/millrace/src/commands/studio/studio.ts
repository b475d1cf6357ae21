/** `millrace studio [RUN...]`: the page that shows what was run. */
import { setTimeout } from "node:timers/promises";
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe, integerFrom } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting, type Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { exportPage } from "../../studio/export-page.ts";
import { RunLibrary } from "../../studio/run-library.ts";
import { serveStudio } from "../../studio/serve-studio.ts";
import { formatBytes } from "../../terminal/quantity.ts";
import { counted } from "../../terminal/wording.ts";

const LOOK_MILLISECONDS = 50;

type StudioFlags = CommonFlags & { readonly port: number; readonly export?: string | undefined };

/** The `studio` command. */
export const studio: Command<Invocation> = buildCommand<StudioFlags, string[], Invocation>({
  docs: {
    brief: "Show runs in a page: graphs, passes, timelines, tuning, trade-offs",
    customUsage: ["[RUN...] [--port N]", "[RUN...] --export FILE.html"],
    fullDescription: describe(
      "Serves a page over the folders that commands filled with --out; without names, over every such folder up to two levels\nbelow the current one. It listens on this machine only, below a random token, reads only what the runs' records name, and\nwrites nothing. Runs that still go on are followed. Ends with ^C. With --export the same page is written as one file with\nthe runs inside, to open from disk or to mail.",
      [
        "millrace studio out/spmv out/gcn",
        "millrace sam run examples/graphs/spmv.gv -i B=examples/data/karate.mtx -i c=random:34:0.5 --out out/spmv",
        "millrace studio out/spmv --export spmv.html",
      ],
    ),
  },
  parameters: {
    flags: {
      port: {
        kind: "parsed",
        parse: integerFrom(0, 65535),
        brief: "Port to listen on; 0 takes a free one",
        placeholder: "N",
        default: "0",
      },
      export: {
        kind: "parsed",
        parse: String,
        brief: "Write the page with the runs inside to this file instead",
        placeholder: "FILE",
        optional: true,
      },
      ...commonFlags,
    },
    positional: { kind: "array", parameter: { brief: "Folder of a run", placeholder: "RUN", parse: String } },
  },
  func: presenting<StudioFlags, string[]>("studio", async (flags, place, ...names) => {
    const library = new RunLibrary(place.host.folder, names);
    return flags.export === undefined ? serve(library, flags, place) : keep(library, flags.export, place);
  }),
});

// The address is what the command is for: it is printed even with --quiet.
async function serve(library: RunLibrary, flags: StudioFlags, { host }: Workplace): Promise<Outcome> {
  const server = await serveStudio(library, flags.port);
  const { runs, broken } = library.list();
  host.stderr.write(`${counted(runs.length, "run", "runs")} at ${server.url}\n`);
  for (const { name, fault } of broken) host.stderr.write(`note: ${name} cannot be shown: ${fault}\n`);
  while (!host.stopRequested()) await setTimeout(LOOK_MILLISECONDS);
  await server.close();
  return { json: () => ({ url: server.url, runs: runs.map(({ name }) => name) }), text: () => "" };
}

function keep(library: RunLibrary, file: string, place: Workplace): Outcome {
  const { runs, broken } = library.list();
  if (runs.length === 0) {
    throw new MillraceError("argument", "there is no run to export below this folder", {
      help: "name the folders that commands filled with --out",
    });
  }
  const page = exportPage(library);
  const path = place.write(file, page);
  const bytes = Buffer.byteLength(page);
  for (const { name, fault } of broken) place.note(`note: ${name} cannot be shown: ${fault}`);
  return {
    json: () => ({ file, bytes, runs: runs.map(({ name }) => name) }),
    text: () => `page      ${path} (${formatBytes(bytes)}, ${counted(runs.length, "run", "runs")})\n`,
  };
}
