/** What a wrong command line is told: each refusal of the argument scanner in our words, with the nearest right word. */

import { nearest } from "@millrace/ir-text";
import {
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { MillraceError } from "../errors.ts";
import { alternatives } from "../terminal/wording.ts";
import { type Fault, faultOf, internalFault, usageFault } from "./fault.ts";

/**
 * Text for the application that hands every fault to `collect` instead of printing it, so that all of them are printed
 * once, in the form the user asked for.
 *
 * @param command the words that name the command, such as `millrace sam run`
 */
export function collectingText(collect: (fault: Fault) => void, command: string): ApplicationText {
  const keep = (fault: Fault): string => {
    collect(fault);
    return "";
  };
  return {
    ...text_en,
    briefs: { ...text_en.briefs, argumentEscapeSequence: "The rest are arguments, not flags" },
    noCommandRegisteredForInput: ({ input, corrections }) => {
      const flag = input.startsWith("-");
      const meant = flag ? suggestion(input, ["--help", "--version"]) : suggestion(input, corrections.map(unquoted));
      return keep(
        usageFault(
          `unknown ${flag ? `flag ${input}` : `command "${input}"`}`,
          meant ?? `${command} --help lists the commands`,
        ),
      );
    },
    exceptionWhileParsingArguments: (error) => keep(scannerFault(error, command)),
    exceptionWhileLoadingCommandFunction: (error) => keep(internalFault(error)),
    exceptionWhileLoadingCommandContext: (error) => keep(internalFault(error)),
    exceptionWhileRunningCommand: (error) => keep(faultOf(error)),
    commandErrorResult: (error) => keep(faultOf(error)),
    exceptionWhileRunningIntegrationHook: ({ exception }) => keep(internalFault(exception)),
    exceptionWhileRunningIntegrationFlag: ({ exception }) => keep(internalFault(exception)),
  };
}

function scannerFault(error: unknown, command: string): Fault {
  if (!(error instanceof ArgumentScannerError)) return faultOf(error);
  const seeHelp = `${command} --help shows the arguments, with an example`;
  // Parsers of ours say all there is to say, their own help included.
  if (error instanceof ArgumentParseError && error.exception instanceof MillraceError) {
    const { message, help } = error.exception;
    return usageFault(`${nameOf(error.externalFlagNameOrPlaceholder)} ${message}`, help ?? seeHelp);
  }
  let help: string | undefined;
  const message = formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input, corrections }) => {
      help = suggestion(input, corrections, "--");
      return `unknown flag --${input}`;
    },
    AliasNotFoundError: ({ input }) => `unknown flag -${input}`,
    EnumValidationError: (refusal) => {
      help = suggestion(refusal.input, refusal.values);
      return `--${refusal.externalFlagName} must be ${alternatives(refusal.values)}, not "${refusal.input}"`;
    },
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value`,
    UnexpectedFlagError: ({ externalFlagName, previousInput, input }) =>
      `--${externalFlagName} was given twice: "${previousInput}" and "${input}"`,
    UnexpectedPositionalError: ({ expectedCount, input }) =>
      `unexpected argument "${input}": this command takes ${expectedCount === 0 ? "none" : `${expectedCount}`}`,
    UnsatisfiedPositionalError: ({ placeholder }) => `missing argument ${placeholder}`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) => `--${externalFlagName} takes no value`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, input }) =>
      `${nameOf(externalFlagNameOrPlaceholder)} cannot be "${input}"`,
  });
  return usageFault(message, help ?? seeHelp);
}

function suggestion(word: string, candidates: readonly string[], prefix = ""): string | undefined {
  const meant = nearest(word, candidates) ?? candidates.find((candidate) => candidate.startsWith(word));
  return meant === undefined ? undefined : `did you mean ${prefix}${meant}?`;
}

function unquoted(name: string): string {
  return name.replaceAll("`", "");
}

// The scanner names flags in lower case without dashes and positional arguments by their placeholder, ours being upper case.
function nameOf(flagOrPlaceholder: string): string {
  return flagOrPlaceholder === flagOrPlaceholder.toUpperCase() ? flagOrPlaceholder : `--${flagOrPlaceholder}`;
}
