/** Work in steps of a frame each, so that a page with much to draw still answers. */

/** What a frame is asked for from and given back to; the window's own unless given. */
export interface Frames {
  request(step: () => void): number;
  cancel(frame: number): void;
}

const ownFrames: Frames = {
  request: (step) => requestAnimationFrame(step),
  cancel: (frame) => cancelAnimationFrame(frame),
};

/** Calls `work` for `count` items, at most `most` a frame, the first of them at once; gives what stops it. */
export function inSteps(
  { count, most, work }: { count: number; most: number; work: (from: number, until: number) => void },
  frames: Frames = ownFrames,
): () => void {
  let from = 0;
  let frame: number | undefined;
  const step = (): void => {
    const until = Math.min(count, from + most);
    work(from, until);
    from = until;
    frame = from < count ? frames.request(step) : undefined;
  };
  if (count > 0) step();
  return () => {
    if (frame !== undefined) frames.cancel(frame);
  };
}
