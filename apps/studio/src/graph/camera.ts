/** What part of a drawing is seen: a point of the drawing at a corner of the screen, and a scale. */

/** Screen = (drawing - corner) * scale. */
export interface Camera {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** A rectangle of the drawing. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST_SCALE = 0.004;
const MOST_SCALE = 4;

function within(scale: number): number {
  return Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale));
}

/** The camera that shows all of `box` in the middle, at most at its true size. */
export function fitted(box: Box, { width, height }: Size, margin = 16): Camera {
  const across = (width - 2 * margin) / Math.max(1, box.right - box.left);
  const along = (height - 2 * margin) / Math.max(1, box.bottom - box.top);
  const scale = within(Math.min(1, across, along));
  return centred((box.left + box.right) / 2, (box.top + box.bottom) / 2, { width, height, scale });
}

/** The camera that has a point in the middle. */
export function centred(x: number, y: number, { width, height, scale }: Size & { readonly scale: number }): Camera {
  return { left: x - width / 2 / scale, top: y - height / 2 / scale, scale };
}

/** Moves the drawing by pixels of the screen. */
export function panned(camera: Camera, x: number, y: number): Camera {
  return { ...camera, left: camera.left - x / camera.scale, top: camera.top - y / camera.scale };
}

/** Changes the scale by a factor; the point of the drawing under `x` and `y` of the screen stays there. */
export function zoomed(camera: Camera, factor: number, { x, y }: { readonly x: number; readonly y: number }): Camera {
  const scale = within(camera.scale * factor);
  const [heldX, heldY] = [camera.left + x / camera.scale, camera.top + y / camera.scale];
  return { left: heldX - x / scale, top: heldY - y / scale, scale };
}

/** The camera as a text for the address, and back. */
export function printCamera({ left, top, scale }: Camera): string {
  return `${Math.round(left)},${Math.round(top)},${Number(scale.toPrecision(3))}`;
}

/** Undefined for anything that {@link printCamera} does not write. */
export function parseCamera(text: string): Camera | undefined {
  const parts = text.split(",").map(Number);
  const [left, top, scale] = parts;
  if (parts.length !== 3 || !parts.every(Number.isFinite) || scale! <= 0) return undefined;
  return { left: left!, top: top!, scale: within(scale!) };
}
