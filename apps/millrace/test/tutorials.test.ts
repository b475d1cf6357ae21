import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { millrace } from "./support/recording-host.ts";
import { commandWords, elided, type TutorialStep, tutorialSteps } from "./support/tutorial.ts";

const checkout = new URL("../../../", import.meta.url).pathname;
const tutorials = join(checkout, "docs/tutorials");
const modules = new URL("../node_modules", import.meta.url).pathname;
const program = new URL("../bin/millrace.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "millrace-tutorials-"));

const lessons = readdirSync(tutorials)
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .sort()
  .map((file) => ({
    file,
    place: join(folder, basename(file, ".md")),
    text: readFileSync(join(tutorials, file), "utf8"),
  }))
  .map((lesson) => ({ ...lesson, steps: tutorialSteps(lesson.text) }));

const compilerOptions = {
  ...{ module: "nodenext", target: "es2023", lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"] },
  ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, types: ["node"] },
};

beforeAll(() => {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ include: ["*/*.ts"], compilerOptions }));
  symlinkSync(modules, join(folder, "node_modules"));
  for (const { place, steps } of lessons) {
    mkdirSync(place);
    for (const shown of ["examples", "apps"]) symlinkSync(join(checkout, shown), join(place, shown));
    for (const step of steps) {
      if (step.kind === "module") writeFileSync(join(place, `line-${step.line}.ts`), step.code);
    }
  }
  const { status, stdout } = spawnSync(join(modules, ".bin", "tsc"), ["-p", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`modules of tutorials (their names are their lines) do not compile:\n${stdout}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program that is built: for what starts threads and processes of its own. */
function built(words: readonly string[], place: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: "utf8", cwd: place });
  return { status: status ?? -1, stdout, stderr };
}

/** Prints what a command or a module prints: first its results, then its notes and faults. */
async function run(step: TutorialStep & { kind: "command" | "module" }, place: string) {
  if (step.kind === "module") {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`line-${step.line}.js`], {
      encoding: "utf8",
      cwd: place,
    });
    return { status, printed: stdout + stderr };
  }
  const [line = "", file] = step.command.split(" > ");
  const [name, ...words] = commandWords(line);
  if (name !== "millrace") throw new Error(`only millrace and echo $? run in tutorials, not ${name}`);
  // What starts threads runs as it is built.
  const apart = words[0] === "sweep" || words[1] === "explore" || (words[0] === "tune" && words[1]?.includes(":"));
  const { status, stdout, stderr } = apart ? built(words, place) : await millrace(words, { folder: place });
  if (file === undefined) return { status, printed: stdout + stderr };
  writeFileSync(join(place, file), stdout);
  return { status, printed: stderr };
}

describe.each(lessons)("the tutorial $file", ({ place, steps, text }) => {
  let lastStatus: number | null = 0;
  const heading = (step: TutorialStep) =>
    `line ${step.line}: ${step.kind === "command" ? step.command : step.kind === "file" ? step.name : "a module"}`;

  test.each(steps.map((step, at) => ({ title: heading(step), step, next: steps[at + 1] })))("$title", async (each) => {
    const { step, next } = each;
    if (step.kind === "file") {
      mkdirSync(dirname(join(place, step.name)), { recursive: true });
      writeFileSync(join(place, step.name), step.text);
      return;
    }
    if (step.kind === "command" && step.command === "echo $?") {
      expect(String(lastStatus)).toBe(step.shown.trim());
      return;
    }
    const { status, printed } = await run(step, place);
    lastStatus = status;
    expect(elided(printed, step.shown)).toBe(step.shown.trimEnd());
    if (!(next?.kind === "command" && next.command === "echo $?")) expect(status).toBe(0);
  });

  test("shows commands and a module, and fits on a few screens", () => {
    const kinds = new Set(steps.map(({ kind }) => kind));
    expect(kinds).toContain("command");
    expect(kinds).toContain("module");
    expect(text.split("\n").length).toBeLessThanOrEqual(200);
  });
});

describe("shown output", () => {
  test("stands for printed output where only what is left out differs", () => {
    expect(elided("a 1\nb 22 c\nd\ne\n", "a 1\nb ... c\n...\ne")).toBe("a 1\nb ... c\n...\ne");
    expect(elided("a\nb\nc\n", "a\n...\n")).toBe("a\n...");
    expect(elided("a\n", "a\n...\n")).toBe("a\n...");
    expect(elided("a\nb\n", "a\n...\nb\n")).toBe("a\n...\nb");
  });

  test("is not what was printed where anything else differs", () => {
    expect(elided("a 1\nb\n", "a 2\n...\n")).toBe("a 1\nb");
    expect(elided("a\nb\n", "a\n")).toBe("a\nb");
    expect(elided("axb", "a.b")).toBe("axb");
  });
});
