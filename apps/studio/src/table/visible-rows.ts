/** Which rows of a long list are on the screen. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows drawn beyond each edge, so that scrolling shows no gap before the next frame. */
const BEYOND = 10;

/** Rows to draw, `from` included and `until` excluded, of `count` rows in the box that `scroller` is given to. */
export interface VisibleRows {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly from: number;
  readonly until: number;
}

/** Follows the scrolling and the size of a box with rows of `height` pixels. */
export function useVisibleRows(count: number, height: number): VisibleRows {
  const scroller = useRef<HTMLElement>(null);
  const [{ top, tall }, setWindow] = useState({ top: 0, tall: 1000 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const look = () => setWindow({ top: box.scrollTop, tall: box.clientHeight });
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, []);
  const from = Math.max(0, Math.min(count, Math.floor(top / height) - BEYOND));
  return { scroller, from, until: Math.min(count, from + Math.ceil(tall / height) + 2 * BEYOND) };
}
