/** Hands a trace over to Perfetto's own page, which reads it in the browser. */

/** The page, and the only origin that the trace is posted to. */
export const PERFETTO = "https://ui.perfetto.dev";

const ASK_EVERY_MILLISECONDS = 50;
const GIVE_UP_AFTER_ASKS = 400;

/** What is needed of the window that was opened. */
export interface OpenedWindow {
  postMessage(message: unknown, origin: string): void;
}

/** What is needed of this page's window. */
export interface OwnWindow {
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  setInterval(work: () => void, milliseconds: number): number;
  clearInterval(timer: number): void;
}

/**
 * Asks the opened window until it answers `PONG`, then posts the trace; gives up after 20 s.
 *
 * Source: perfetto.dev, "Deep linking to the Perfetto UI": `PING` until `PONG`, then `{ perfetto: { buffer, title, fileName } }`.
 */
export function handOver(
  opened: OpenedWindow,
  { file, title }: { readonly file: Uint8Array; readonly title: string },
  own: OwnWindow = window,
): void {
  let asks = 0;
  const stop = (): void => {
    own.clearInterval(timer);
    own.removeEventListener("message", answer);
  };
  const answer = ({ origin, data }: MessageEvent): void => {
    if (origin !== PERFETTO || data !== "PONG") return;
    stop();
    const buffer = file.slice().buffer;
    opened.postMessage({ perfetto: { buffer, title, fileName: `${title}.pftrace` } }, PERFETTO);
  };
  own.addEventListener("message", answer);
  const timer = own.setInterval(() => {
    if (++asks > GIVE_UP_AFTER_ASKS) return stop();
    opened.postMessage("PING", PERFETTO);
  }, ASK_EVERY_MILLISECONDS);
}
