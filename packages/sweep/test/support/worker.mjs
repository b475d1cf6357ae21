// A worker of the tests: node worker.mjs ADDRESS QUEUE. Says when it is ready.
import { startWorker } from "../../dist/index.js";

const [address, queue] = process.argv.slice(2);
const module = new URL("square.mjs", import.meta.url);
await startWorker({ address, queue, module, threads: 2, silenceMs: 2000, timeoutMs: 20_000 });
process.stdout.write("ready\n");
