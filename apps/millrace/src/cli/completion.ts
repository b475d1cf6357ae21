/** `millrace completion SHELL`: the script that makes a shell ask us for the words that may come next. */

import { nearest } from "@millrace/ir-text";
import { buildCommand, type Command } from "@stricli/core";
import { MillraceError } from "../errors.ts";
import { alternatives } from "../terminal/wording.ts";
import { type CommonFlags, commonFlags, describe } from "./flags.ts";
import { type Invocation, presenting } from "./outcome.ts";

// Each script hands the words typed so far to the hidden `millrace __complete`, which answers `word TAB meaning` lines;
// where it answers nothing, the shell completes file names.
const scripts = {
  bash: `_millrace() {
  COMPREPLY=()
  local word meaning
  while IFS=$'\\t' read -r word meaning; do COMPREPLY+=("$word"); done \\
    < <(millrace __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _millrace millrace
`,
  zsh: `#compdef millrace
_millrace() {
  local -a proposals
  local word meaning
  while IFS=$'\\t' read -r word meaning; do proposals+=("\${word//:/\\\\:}:$meaning"); done \\
    < <(millrace __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#proposals} )); then _describe -o millrace proposals; else _files; fi
}
compdef _millrace millrace
`,
  fish: `function __millrace_complete
  set -l words (commandline -opc) (commandline -ct)
  millrace __complete $words[2..-1] 2>/dev/null
end
complete -c millrace -a '(__millrace_complete)'
`,
} as const;

type Shell = keyof typeof scripts;
const shells = Object.keys(scripts) as Shell[];

/** The `completion` command. */
export const completion: Command<Invocation> = buildCommand<CommonFlags, [Shell], Invocation>({
  docs: {
    brief: "Print a shell completion script",
    customUsage: ["bash|zsh|fish"],
    fullDescription: describe("Prints a script that completes commands, flags and their values.", [
      "bash:  source <(millrace completion bash)        # in ~/.bashrc",
      "zsh:   source <(millrace completion zsh)         # in ~/.zshrc, after compinit",
      "fish:  millrace completion fish > ~/.config/fish/completions/millrace.fish",
    ]),
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: shells.join(", "), placeholder: "SHELL", parse: parseShell, proposeCompletions: () => shells },
      ],
    },
  },
  func: presenting<CommonFlags, [Shell]>("completion", (_flags, _place, shell) => ({
    json: () => ({ shell, script: scripts[shell] }),
    text: () => scripts[shell],
  })),
});

function parseShell(text: string): Shell {
  if (text in scripts) return text as Shell;
  const similar = nearest(text, shells);
  const help = similar === undefined ? {} : { help: `did you mean ${similar}?` };
  throw new MillraceError("argument", `must be ${alternatives(shells)}, not "${text}"`, help);
}
