/** Connections to Redis or Valkey: what an address says, and what a broken line means. */
import { SweepError } from "../errors.ts";

/** What is needed to connect. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (attempt: number) => number;
}

/** The name under which queues of this package stand in Redis. */
export const keyPrefix = "millrace";

/**
 * What an address such as `redis://127.0.0.1:6379/0` says. Connections come back by themselves after the broker was away.
 *
 * @throws {SweepError} `queue-address` if it is none.
 */
export function connectionOf(address: string): Connection {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new SweepError("queue-address", `"${address}" is no address of a queue`, {
      help: "give one such as redis://127.0.0.1:6379",
    });
  }
  const database = url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0;
  if (!Number.isInteger(database) || database < 0) {
    throw new SweepError("queue-address", `"${address}" names no database: "${url.pathname.slice(1)}" is no number`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 6379 : Number(url.port),
    db: database,
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === "rediss:" ? { tls: {} } : {}),
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
  };
}

/**
 * Asks once whether anyone answers at `address`, within `withinMs`.
 *
 * @throws {SweepError} `queue-address`, or `queue-unreachable` if not.
 */
export async function expectReachable(address: string, withinMs = 3000): Promise<void> {
  // The clients are loaded where a queue is used: they weigh more than all that others need of this package.
  const { Redis } = await import("ioredis");
  const client = new Redis({
    ...connectionOf(address),
    lazyConnect: true,
    connectTimeout: withinMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // Told by the rejection below.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    throw new SweepError("queue-unreachable", `no Redis answers at ${address}: ${(cause as Error).message}`, {
      cause,
      help: "start one there (redis-server --appendonly yes), or leave --queue out to use this machine alone",
    });
  } finally {
    client.disconnect();
  }
}
