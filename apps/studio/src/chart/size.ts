import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width in pixels of the box that `box` is given to, now and whenever it changes. */
export function useWidth(): { readonly box: RefObject<HTMLDivElement | null>; readonly width: number } {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    sizes.observe(box.current);
    setWidth(Math.floor(box.current.getBoundingClientRect().width));
    return () => sizes.disconnect();
  }, []);
  return { box, width };
}
