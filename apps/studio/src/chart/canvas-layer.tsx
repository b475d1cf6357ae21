import { useLayoutEffect, useRef } from "preact/hooks";

interface CanvasLayerProps {
  readonly width: number;
  readonly height: number;
  /** Draws in units of the page; what it gives back is called before the next drawing. */
  readonly paint: (context: CanvasRenderingContext2D) => (() => void) | undefined;
  /** The drawing is made anew when one of these changes. */
  readonly inputs: readonly unknown[];
}

/** A canvas as sharp as the screen. */
export function CanvasLayer({ width, height, paint, inputs }: CanvasLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context === null || width <= 0 || height <= 0) return;
    const ratio = devicePixelRatio || 1;
    context.canvas.width = Math.round(width * ratio);
    context.canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    return paint(context);
  }, [width, height, ...inputs]);
  return <canvas ref={canvas} />;
}
