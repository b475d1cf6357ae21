/** The thread that answers requests: typing never waits for it. */
import { answerTo } from "./compute.ts";
import type { PlaygroundRequest } from "./request.ts";

self.addEventListener("message", ({ data }: MessageEvent<PlaygroundRequest>) => {
  void answerTo(data).then((answer) => self.postMessage(answer));
});
