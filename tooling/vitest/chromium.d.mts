import type { Browser } from "playwright-core";

/** What `CHROME_PATH` says, or the first Chromium on PATH; undefined where there is none. */
export declare const chromiumProgram: string | undefined;

/** Starts it without a window, with more flags if given; nothing of it reaches the network. */
export declare function launchChromium(...more: string[]): Promise<Browser>;
