/** The window of a timeline as the address remembers it, and how pointer, wheel and keys move it. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useRemembered } from "../shell/address.ts";
import { fitted, moved, parseWindow, printWindow, type TimeWindow, zoomed } from "./window.ts";

/** The window and what changes it. */
export interface MovableWindow {
  readonly window: TimeWindow;
  show(window: TimeWindow): void;
  zoom(factor: number, time?: number): void;
  move(share: number): void;
}

/** A window over a recording that ends at `end`. */
export function useWindow(end: number): MovableWindow {
  const [text, setText] = useRemembered("time", "");
  const window = parseWindow(text, end);
  const show = (next: TimeWindow) => setText(printWindow(fitted(next, end), end));
  return {
    window,
    show,
    zoom: (factor, time = (window.from + window.until) / 2) => show(zoomed(window, factor, time)),
    move: (share) => show(moved(window, share)),
  };
}

/** Wheel with Ctrl or Shift zooms or moves, dragging moves; plain wheels scroll the rows. */
export function useDragAndWheel(field: RefObject<HTMLElement | null>, movable: MovableWindow): void {
  const latest = useRef(movable);
  latest.current = movable;
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    let drag: { readonly x: number; readonly window: TimeWindow } | undefined;
    const timeAt = (x: number): number => {
      const { left, width } = element.getBoundingClientRect();
      const { from, until } = latest.current.window;
      return from + ((x - left) / width) * (until - from);
    };
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      const by = event.deltaY || event.deltaX;
      if (event.shiftKey) latest.current.move(by / 800);
      else latest.current.zoom(1.0015 ** by, timeAt(event.clientX));
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, window: latest.current.window };
      element.setPointerCapture(event.pointerId);
    };
    const drags = (event: PointerEvent): void => {
      if (drag === undefined) return;
      const { width } = element.getBoundingClientRect();
      latest.current.show(moved(drag.window, (drag.x - event.clientX) / width));
    };
    const up = (): void => {
      drag = undefined;
    };
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", drags);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", drags);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
    };
  }, [field.current]);
}
