/** The page `docs/licences.md`, from what is installed and from the READMEs beside the data. */
import { dirname, posix } from "node:path";
import { bundledPackages, developmentPackages, type Licensed, runTimePackages } from "./licences.ts";
import { writtenFiles } from "./workspace.ts";

/** Licences that what we ship may be under: none of them asks anything of a program that uses it but to be named. */
export const permissive: ReadonlySet<string> = new Set([
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"],
  ...["(Apache-2.0 AND BSD-3-Clause)", "MIT OR Apache-2.0"],
]);

/** Licences that tools may be under besides: they reach nothing that is shipped. */
export const forTools: ReadonlySet<string> = new Set(["BlueOak-1.0.0", "MPL-2.0", "Python-2.0"]);

/** What a package's manifest leaves to its licence file, read by hand. */
const read: Readonly<Record<string, string>> = { "spawndamnit@3.0.1": "MIT" };

/** A package under the licence that counts for it. */
export function licenceOf({ name, version, licence }: Licensed): string {
  return read[`${name}@${version}`] ?? licence;
}

/** READMEs that say where data comes from: beside the data, or around it. */
export function dataPages(): string[] {
  const beside = /(?:^examples|\/test\/data(?:\/[^/]+)*|\/presets)\/README\.md$/;
  return writtenFiles().filter((path) => beside.test(path));
}

/** The text of the page. */
export function licencesPage(): string {
  const row = (each: Licensed) => `| ${each.name} | ${each.version} | ${licenceOf(each)} |`;
  const table = (packages: readonly Licensed[]) => [
    "| package | version | licence |",
    "| --- | --- | --- |",
    ...packages.map(row),
  ];
  const others = developmentPackages().filter((each) => !permissive.has(licenceOf(each)));
  const unusual = new Set(others.map((each) => `${each.name}: ${licenceOf(each)}`));
  const data = dataPages().map((path) => `- [${dirname(path)}](${posix.join("..", path)})`);
  return `${[
    ...[
      "# Licences",
      "",
      "Millrace is under [Apache-2.0](../LICENSE). This page is made from what is installed, and a test keeps it so",
    ],
    ...["(to update it: `node tooling/run.mjs api`). Licences that ask more than to be named are refused.", ""],
    ...["## What an installation brings along", "", ...table(runTimePackages()), ""],
    "Optional native parts, which everything works without: `@napi-rs/nice` (of piscina) and `msgpackr-extract` (of msgpackr), both MIT.",
    "`@viz-js/viz` is MIT; inside it stand Graphviz, compiled to WebAssembly, under the Eclipse Public License, and Expat, under MIT. That",
    "licence asks for its own source, which is public, and for nothing of a program that calls it; it is loaded from its package, unchanged.",
    ...["", "## What stands inside built files", "", ...table(bundledPackages()), ""],
    ...[
      "## What only building and checking need",
      "",
      "All of it is under the licences above, but for:",
      "",
      ...[...unusual].map((each) => `- ${each}`),
      "",
    ],
    ...["## Data", "", "Origin and licence of every file stand beside it:", "", ...data, ""],
    "Measured tables in `packages/sieve-pim/src/device/measured` come from ai-dynamo/aiconfigurator (Apache-2.0).",
  ].join("\n")}\n`;
}
