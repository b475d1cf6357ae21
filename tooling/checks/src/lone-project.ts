import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun, type ToolRun } from "./run-tool.ts";

/** A folder outside the repository in which packages are installed as a user would. */
export class LoneProject {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** Makes the project in a new folder; nothing of this machine's npm settings reaches it. */
  constructor(folder: string, registryUrl: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.write("package.json", JSON.stringify({ name: "lone-project", private: true, type: "module" }));
    const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|^pnpm_|proxy$/i.test(name));
    this.#environment = {
      ...Object.fromEntries(inherited),
      npm_config_registry: registryUrl,
      npm_config_userconfig: join(folder, "no-user-settings"),
      npm_config_globalconfig: join(folder, "no-global-settings"),
      npm_config_cache: join(folder, ".cache"),
      npm_config_update_notifier: "false",
      npm_config_store_dir: join(folder, ".store"),
    };
  }

  /** Installs one package by name with npm. */
  async install(name: string): Promise<void> {
    await this.run("npm", ["install", name, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  }

  /** Installs packages by name with pnpm, which lets a package see only what it declares. */
  async installStrictly(names: readonly string[]): Promise<void> {
    await this.run("pnpm", ["add", ...names, "--ignore-scripts", "--reporter=silent"]);
  }

  /** The names of everything that is installed, sorted. */
  installed(): string[] {
    const modules = join(this.folder, "node_modules");
    return readdirSync(modules)
      .filter((name) => !name.startsWith("."))
      .flatMap((name) =>
        name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
      )
      .sort();
  }

  /** Writes a file into the project. */
  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** The text of a file of the project. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Whether the project holds a file. */
  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Runs a command in the project; a status other than 0 is an error that shows what it printed. */
  run(command: string, parameters: readonly string[]): Promise<ToolRun> {
    return mustRun(command, parameters, { folder: this.folder, environment: this.#environment });
  }
}
