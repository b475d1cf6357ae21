import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDependencies } from "../src/installed-dependencies.ts";
import { LoneProject } from "../src/lone-project.ts";
import { type LoopbackRegistry, startLoopbackRegistry } from "../src/loopback-registry.ts";
import { fencedBlocks } from "../src/markdown.ts";
import { type PackedPackage, packInstalled, packPublished } from "../src/pack-packages.ts";
import { mustRun } from "../src/run-tool.ts";
import { typeFaults } from "../src/type-faults.ts";
import { libraries, publishedPackages, readText } from "../src/workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-published-"));
const packages = new Map<string, PackedPackage>();
let registry: LoopbackRegistry | undefined;

beforeAll(async () => {
  const held = [...(await packPublished(folder)), ...packInstalled(installedDependencies(), folder)];
  for (const each of held) packages.set(each.manifest.name, each);
  registry = await startLoopbackRegistry(held);
});

afterAll(() => {
  registry?.close();
  rmSync(folder, { recursive: true });
});

describe.each(publishedPackages.map(({ manifest }) => manifest.name))("the tarball of %s", (name) => {
  const tarball = () => packages.get(name)?.tarball ?? "";

  it("is a well-formed package (publint)", async () => {
    await mustRun("publint", [tarball(), "--strict"]);
  });

  it("gives its types to every way of importing an ESM package (are the types wrong)", async () => {
    expect(await typeFaults(tarball())).toEqual([]);
  });
});

/** The packages that must come along with one: itself, and what it depends on, directly or not. */
function closure(name: string, into = new Set<string>()): Set<string> {
  if (into.has(name)) return into;
  into.add(name);
  for (const dependency of Object.keys(packages.get(name)?.manifest.dependencies ?? {})) closure(dependency, into);
  return into;
}

async function projectWith(name: string): Promise<LoneProject> {
  const project = new LoneProject(join(folder, `project-${basename(name)}`), registry?.url ?? "");
  if (!project.has("node_modules")) await project.install(name);
  return project;
}

const consumerOptions = {
  include: ["*.ts"],
  compilerOptions: {
    module: "nodenext",
    target: "es2023",
    lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    types: [],
  },
};

describe.each(publishedPackages)("$manifest.name installed alone into an empty folder", ({ manifest }) => {
  it("brings exactly what it declares", async () => {
    const project = await projectWith(manifest.name);
    expect(project.installed()).toEqual([...closure(manifest.name)].sort());
  });
});

describe.each(libraries)("$manifest.name installed alone into an empty folder", ({ manifest, path }) => {
  it("runs the examples of its README, with types checked", async () => {
    const examples = fencedBlocks(readText(`${path}/README.md`), "ts", "typescript");
    if (examples.length === 0) throw new Error(`${path}/README.md shows no TypeScript example`);
    const project = await projectWith(manifest.name);
    for (const [place, example] of examples.entries()) project.write(`example-${place}.ts`, example);
    project.write("tsconfig.json", JSON.stringify(consumerOptions));
    await project.run("tsc", ["-p", "tsconfig.json"]);
    for (const place of examples.keys()) await project.run("node", [`example-${place}.js`]);
  });

  it("runs them where pnpm installed it, which lets it see only what it declares", async () => {
    const compiled = await projectWith(manifest.name);
    const project = new LoneProject(join(folder, `pnpm-${basename(manifest.name)}`), registry?.url ?? "");
    // What an example imports besides the package itself stands in the README's line of what to install.
    const [, named = manifest.name] = /`npm install ([^`]+)`/.exec(readText(`${path}/README.md`)) ?? [];
    await project.installStrictly(named.split(" "));
    for (let place = 0; compiled.has(`example-${place}.js`); place++) {
      project.write(`example-${place}.js`, compiled.read(`example-${place}.js`));
      await project.run("node", [`example-${place}.js`]);
    }
    expect(project.has("example-0.js")).toBe(true);
  });

  it("can be required from CommonJS, and shows nothing but its front door", async () => {
    const project = await projectWith(manifest.name);
    project.write(
      "require.cjs",
      `const { equal, notEqual, throws } = require("node:assert");
       notEqual(Object.keys(require("${manifest.name}")).length, 0);
       equal(require("${manifest.name}/package.json").name, "${manifest.name}");
       throws(() => require("${manifest.name}/dist/index.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });`,
    );
    await project.run("node", ["require.cjs"]);
  });
});

const withCommands = publishedPackages.flatMap(({ manifest }) =>
  Object.keys(manifest.bin ?? {}).map((command) => ({ command, name: manifest.name })),
);

it.each(withCommands)("the command $command runs where $name is installed alone", async ({ command, name }) => {
  const project = await projectWith(name);
  const { stdout } = await project.run(join(project.folder, "node_modules", ".bin", command), ["--help"]);
  expect(stdout).toContain(command);
});
