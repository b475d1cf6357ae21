/** One command line, from words to exit status. */
import { type InputCompletion, proposeCompletions, run } from "@stricli/core";
import type { ExitStatus } from "../errors.ts";
import { commandsFor, millrace } from "./application.ts";
import { withExcerpt } from "./excerpt.ts";
import { type ErrorFormat, type Fault, faultsToJson, internalFault, renderFaults, statusOf } from "./fault.ts";
import { type Host, takesColor } from "./host.ts";
import type { Invocation } from "./outcome.ts";

/**
 * Runs the words after the program's name; never throws.
 *
 * Results go to `host.stdout`; faults, notes and progress to `host.stderr`.
 */
export async function runMillrace(inputs: readonly string[], host: Host): Promise<ExitStatus> {
  const faults: Fault[] = [];
  try {
    const application = millrace(await commandsFor(inputs), {
      inputs,
      collect: (fault) => faults.push(fault),
      color: takesColor(host, host.stdout),
    });
    const invocation = invocationOf(inputs, host);
    if (inputs[0] === "__complete") {
      const proposals = await proposeCompletions(application, inputs.slice(1), invocation);
      for (const { completion, brief } of wanted(proposals, inputs.at(-1)!)) {
        host.stdout.write(`${completion}\t${brief}\n`);
      }
      return 0;
    }
    await run(application, inputs, invocation);
    if (faults.length === 0) return invocation.status;
  } catch (error) {
    faults.push(internalFault(error));
  }
  if (errorFormatOf(inputs) === "json") host.stderr.write(faultsToJson(faults));
  else
    host.stderr.write(
      renderFaults(
        faults.map((fault) => withExcerpt(fault, host.folder)),
        takesColor(host, host.stderr),
      ),
    );
  return statusOf(faults);
}

// Flags come up when a dash is typed: before that they would bury commands, values and file names.
function wanted(proposals: readonly InputCompletion[], partial: string): readonly InputCompletion[] {
  return partial.startsWith("-") ? proposals : proposals.filter(({ completion }) => !completion.startsWith("-"));
}

// What the scanner itself prints on stderr are the empty texts of faults already collected.
function invocationOf(inputs: readonly string[], host: Host): Invocation {
  const stdout = {
    write: (text: string) => host.stdout.write(text),
    getColorDepth: () => (takesColor(host, host.stdout) ? 8 : 1),
  };
  return { process: { stdout, stderr: { write: () => {} } }, host, command: ["millrace", ...inputs], status: 0 };
}

// Read off the words themselves, because the scanner may refuse them before it comes to this flag.
function errorFormatOf(inputs: readonly string[]): ErrorFormat {
  const at = inputs.indexOf("--error-format");
  const value = at >= 0 ? inputs[at + 1] : inputs.find((word) => word.startsWith("--error-format="))?.split("=")[1];
  return value === "json" ? "json" : "text";
}
