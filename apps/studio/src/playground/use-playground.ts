/** The playground's request in the address and on the page, and the answer to it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { remember, useAddress } from "../shell/address.ts";
import type { PlaygroundAnswer } from "./answer.ts";
import { type AnsweringWorker, Asker } from "./asker.ts";
import { type PlaygroundRequest, printRequest, readRequest } from "./request.ts";
import PlaygroundWorker from "./worker.ts?worker&inline";

/** Pauses in typing before the worker is asked, and before the address says what stands on the page. */
const askAfterMilliseconds = 120;
const rememberAfterMilliseconds = 400;

/** What the page shows. */
export interface PlaygroundState {
  readonly request: PlaygroundRequest;
  change(changes: Partial<PlaygroundRequest>): void;
  /** The last answer, which may be that to an earlier request. */
  readonly answer: PlaygroundAnswer | undefined;
  /** Whether an answer to this request is being worked on. */
  readonly isWorking: boolean;
  /** Why there is no answer at all. */
  readonly failure: string | undefined;
}

interface Answered {
  readonly request: PlaygroundRequest;
  readonly answer?: PlaygroundAnswer;
  readonly failure?: string;
}

/** Follows the address, asks a worker, and keeps its last answer. */
export function usePlayground(): PlaygroundState {
  const address = useAddress();
  const [request, setRequest] = useState(() => readRequest(address));
  const [found, setFound] = useState<Answered>();
  const asker = useRef<Asker>(undefined);
  const text = JSON.stringify(request);
  // A link, or the browser's back button, changes the address and not the page.
  const place = JSON.stringify(readRequest(address));
  const written = useRef(place);
  useEffect(() => {
    if (place !== written.current) setRequest(JSON.parse(place));
    written.current = place;
  }, [place]);
  useEffect(() => {
    const own = new Asker({
      make: () => new PlaygroundWorker() as unknown as AnsweringWorker,
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
      answered: (asked, answer) => setFound({ request: asked, answer }),
      failed: (asked, failure) => setFound({ request: asked, failure }),
    });
    asker.current = own;
    return () => own.close();
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => asker.current?.ask(request), askAfterMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      remember(printRequest(request));
    }, rememberAfterMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return {
    request,
    change: (changes) => setRequest((before) => ({ ...before, ...changes })),
    answer: found?.answer,
    isWorking: found === undefined || JSON.stringify(found.request) !== text,
    failure: found?.failure,
  };
}
