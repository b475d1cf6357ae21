/**
 * The `@example` blocks of doc comments, as modules that check themselves.
 *
 * An example is plain JavaScript, fenced or not, in which everything its package exports can be named; other packages of
 * the workspace are imported as usual. A line that ends in `// => VALUE` claims that its expression, or the constant it
 * declares, equals VALUE deeply. An example without such a line claims nothing and is refused.
 */
import { pathToFileURL } from "node:url";
import { readText, type WorkspacePackage, writtenFiles } from "./workspace.ts";

/** One `@example` block. */
export interface DocExample {
  /** The export it belongs to, and where: `pack (packages/tensor/src/storage/pack/pack.ts:55)`. */
  readonly title: string;
  readonly code: string;
}

/** A doc comment, its text, and the name that is exported (or the member that is declared) right behind it. */
const documented =
  /^[ \t]*\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n[ \t]*(?:export )?(?:async |abstract |readonly )*(?:function\*?|class|const|interface|type)? ?([A-Za-z]\w*)/gm;

/** The examples in the sources of a package, in the order of the files. */
export function docExamples(library: WorkspacePackage): DocExample[] {
  return writtenFiles(`${library.path}/src`)
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => examplesIn(readText(path), path));
}

/** The examples in one source text. */
export function examplesIn(source: string, path: string): DocExample[] {
  return [...source.matchAll(documented)].flatMap((match) => {
    const [, comment = "", name = ""] = match;
    const line = source.slice(0, match.index).split("\n").length;
    const text = comment.replaceAll(/^[ \t]*\* ?/gm, "");
    return text
      .split(/^@(?=\w)/m)
      .filter((block) => /^example\b/.test(block))
      .map((block) => ({
        title: `${name} (${path}:${line})`,
        code: block
          .replace(/^example\b[ \t]*/, "")
          .replaceAll(/^```.*$/gm, "")
          .trim(),
      }));
  });
}

const claim = /^(\s*)(.*?);?\s*\/\/ => (.*)$/;
const declaration = /^const (\w+) = /;

/**
 * An example as the text of a module that throws unless every claim holds.
 *
 * @param entries the file that each package of the workspace is imported from, by its name
 * @param exported names that are in scope without an import, and the package they come from
 * @throws {Error} if the example claims nothing
 */
export function exampleModule(
  example: DocExample,
  entries: ReadonlyMap<string, string>,
  exported: { readonly from: string; readonly names: readonly string[] },
): string {
  const lines = example.code.split("\n");
  if (!lines.some((line) => claim.test(line))) throw new Error(`${example.title} shows no result: write '// => VALUE'`);
  const used = exported.names.filter((name) => new RegExp(`\\b${name}\\b`).test(example.code));
  const imports = [
    `import assert from "node:assert/strict";`,
    `import { ${used.join(", ")} } from "${exported.from}";`,
  ];
  return [...imports, ...lines.map(checked)]
    .join("\n")
    .replaceAll(/(\bfrom )"(@?[^":]+)"/g, (text, from: string, name: string) => {
      const entry = entries.get(name);
      return entry === undefined ? text : `${from}"${pathToFileURL(entry).href}"`;
    });
}

function checked(line: string): string {
  const match = claim.exec(line);
  if (match === null) return line;
  const [, indent = "", statement = "", expected = ""] = match;
  const declared = declaration.exec(statement)?.[1];
  const kept = declared === undefined ? "" : `${statement}; `;
  return `${indent}${kept}assert.deepStrictEqual(${declared ?? statement}, ${expected});`;
}
