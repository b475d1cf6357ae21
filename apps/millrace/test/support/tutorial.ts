/**
 * Tutorials as steps that run. A fenced block `LANGUAGE NAME` is a file that the reader writes; `console` holds commands after
 * `$ ` with what they print; `ts` is a module, and the `text` right behind it what that prints. In shown output `...` stands for
 * any text: on a line of its own for any number of lines, within a line for any part of it.
 */

/** One block of a tutorial that does something, with its line, counted from 1. */
export type TutorialStep = { readonly line: number } & (
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly shown: string }
  | { readonly kind: "module"; readonly code: string; readonly shown: string }
);

const fence = /^```([a-z]+)?(?: (\S+))?\n(.*?)^```$/gms;

/** The steps of a Markdown text, in order. */
export function tutorialSteps(markdown: string): TutorialStep[] {
  const blocks = [...markdown.matchAll(fence)].map((match) => ({
    line: markdown.slice(0, match.index).split("\n").length,
    language: match[1] ?? "",
    name: match[2],
    text: match[3] ?? "",
  }));
  return blocks.flatMap(({ line, language, name, text }, at): TutorialStep[] => {
    if (name !== undefined) return [{ kind: "file", line, name, text }];
    if (language === "console") return commandsIn(text, line);
    const next = blocks[at + 1];
    if (language === "ts") {
      if (next?.language !== "text") throw new Error(`line ${line}: a module must show what it prints, as \`text\``);
      return [{ kind: "module", line, code: text, shown: next.text }];
    }
    if (language === "text" && blocks[at - 1]?.language === "ts") return [];
    throw new Error(`line ${line}: a block of \`${language}\` neither runs nor has the name of a file`);
  });
}

function commandsIn(text: string, line: number): TutorialStep[] {
  return text
    .split(/^(?=\$ )/m)
    .map((part) => part.split("\n"))
    .map(([command = "", ...shown], at, all) => ({
      kind: "command",
      line: line + 1 + all.slice(0, at).reduce((lines, earlier) => lines + earlier.length - 1, 0),
      command: command.slice(2),
      shown: shown.join("\n"),
    }));
}

/** The printed text, or what is shown of it if both differ only in what `...` leaves out. */
export function elided(printed: string, shown: string): string {
  const pattern = shown
    .trimEnd()
    .split("\n")
    .map((line) => (line === "..." ? "(?:.*\n)*?" : `${line.split("...").map(literally).join(".*")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${printed.trimEnd()}\n`) ? shown.trimEnd() : printed.trimEnd();
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The words of a command line, quotes taken off. */
export function commandWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain!,
  );
}
