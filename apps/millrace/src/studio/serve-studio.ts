/**
 * The page over HTTP, on this machine only and for reading only.
 *
 * The address holds a random token; names in requests are names of runs and views, never of files; and a request that
 * was sent to another host name than ours is refused, so that no foreign page reaches in by renaming itself.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pageFile } from "@millrace/studio";
import { MillraceError } from "../errors.ts";
import type { RunLibrary } from "./run-library.ts";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A server that runs. */
export interface StudioServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page over the runs of a library; `port` 0 takes any that is free.
 *
 * @throws {MillraceError} `argument` if the port cannot be had
 */
export async function serveStudio(library: RunLibrary, port: number): Promise<StudioServer> {
  const token = randomBytes(16).toString("hex");
  const server = createServer((request, response) => answer(request, response, { library, token }));
  await listening(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new MillraceError("argument", `--port: cannot listen on port ${port}: ${cause.code}`, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

interface Served {
  readonly library: RunLibrary;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served): void {
  const { status, type, body } = answerTo(request, served);
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...HEADERS,
    ...(status === 405 && { allow: "GET, HEAD" }),
    "content-type": type,
    "content-length": bytes.length,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function answerTo(request: IncomingMessage, { library, token }: Served): Answer {
  const { port } = request.socket.address() as AddressInfo;
  const { host = "" } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return refusal(421, "this is not that host");
  if (request.method !== "GET" && request.method !== "HEAD") return refusal(405, "only GET and HEAD are answered");
  const [, given = "", rest] = /^\/([^/?#]*)\/([^#]*)/.exec(request.url ?? "") ?? [];
  if (rest === undefined || !same(given, token)) return refusal(404, "there is nothing here");
  try {
    return route(rest, library) ?? refusal(404, "there is nothing here");
  } catch (error) {
    return refusal(error instanceof MillraceError ? 404 : 500, (error as Error).message);
  }
}

function route(rest: string, library: RunLibrary): Answer | undefined {
  const [path, query = ""] = rest.split("?", 2);
  if (path === "") return { status: 200, type: "text/html; charset=utf-8", body: readFileSync(pageFile) };
  if (path === "runs.json") return { status: 200, type: "application/json", body: JSON.stringify(library.list()) };
  if (path !== "view") return undefined;
  const asked = new URLSearchParams(query);
  const view = library.open(asked.get("run") ?? "", asked.get("id") ?? "");
  return view && { status: 200, type: "application/octet-stream", body: view.bytes };
}

// Digests are of one length, so that nothing is told by how long the comparison takes.
function same(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function refusal(status: number, reason: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${reason}\n` };
}
