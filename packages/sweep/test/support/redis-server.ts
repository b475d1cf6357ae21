import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const programs = ["redis-server", "valkey-server"];

/** The program of Redis or Valkey on this machine, if there is one. */
export const redisProgram: string | undefined = programs.find(
  (program) => spawnSync(program, ["--version"]).status === 0,
);

/** A broker on loopback with an append-only file, which outlives being ended hard. */
export class RedisServer {
  readonly address: string;
  readonly #port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.address = `redis://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "millrace-redis-"));
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.up();
    return server;
  }

  /** Starts it, on what it had kept. */
  async up(): Promise<void> {
    const settings = ["--bind", "127.0.0.1", "--port", `${this.#port}`, "--dir", this.#folder, "--appendonly", "yes"];
    const started = spawn(redisProgram!, settings, { stdio: ["ignore", "pipe", "inherit"] });
    this.#process = started;
    await new Promise<void>((resolve, reject) => {
      started.stdout.on("data", (text: Buffer) => {
        if (/ready to accept connections/i.test(text.toString())) resolve();
      });
      started.on("exit", (status) => reject(new Error(`the broker ended with status ${status}`)));
    });
  }

  /** Ends it hard. */
  async down(): Promise<void> {
    const ending = this.#process;
    if (ending === undefined || ending.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      ending.removeAllListeners("exit");
      ending.on("exit", () => resolve());
      ending.kill("SIGKILL");
    });
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()));
    });
  });
}
