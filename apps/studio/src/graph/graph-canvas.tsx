/** The drawing of a graph, moved with the pointer: every event counts, and as many frames are painted as the screen takes. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useInks } from "../chart/inks.ts";
import { type Camera, fitted, panned, zoomed } from "./camera.ts";
import { paint } from "./paint.ts";
import { nodeAt, type Scene, type Traffic } from "./scene.ts";

/** What others do with the drawing. */
export interface GraphHold {
  camera(): Camera;
  /** Moves the camera; the drawing follows with the next frame. */
  move(next: (camera: Camera, size: { readonly width: number; readonly height: number }) => Camera): void;
}

interface GraphCanvasProps {
  readonly scene: Scene;
  readonly traffic: Traffic;
  readonly chosen: number;
  readonly found: ReadonlySet<number> | undefined;
  /** The camera to begin with; all of the graph unless given. */
  readonly camera: Camera | undefined;
  readonly hold: { current: GraphHold | undefined };
  readonly choose: (node: number) => void;
  readonly open: (node: number) => void;
  /** Told when the camera rests. */
  readonly rested: (camera: Camera) => void;
}

const REST_MILLISECONDS = 250;
/** A drawing that takes longer than this is moved as a picture, and drawn anew when the camera rests. */
const SLOW_MILLISECONDS = 25;
/** Pixels that a pointer may slip while it clicks. */
const CLICK_SLACK = 4;

/** The canvas. */
export function GraphCanvas(props: GraphCanvasProps) {
  const { scene, traffic, chosen, found } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const inks = useInks();
  const mover = useRef<Mover>(undefined);
  useLayoutEffect(() => {
    const made = new Mover(canvas.current!, latest);
    mover.current = made;
    props.hold.current = made;
    return () => made.stop();
  }, []);
  useLayoutEffect(() => {
    mover.current!.inks = inks;
    mover.current!.change();
  }, [scene, traffic, chosen, found, inks]);
  useEffect(() => mover.current!.begin(props.camera), []);
  return <canvas ref={canvas} class="graph-canvas" aria-label="Graph; use the arrow keys to follow edges" role="img" />;
}

class Mover implements GraphHold {
  inks: ReturnType<typeof useInks> = new Map();
  readonly #canvas: HTMLCanvasElement;
  readonly #props: { readonly current: GraphCanvasProps };
  readonly #sizes: ResizeObserver;
  readonly #ended = new AbortController();
  #camera: Camera = { left: 0, top: 0, scale: 1 };
  #size = { width: 0, height: 0 };
  #wanted: Camera | undefined;
  #fitted = false;
  #frame = 0;
  #moving = false;
  /** The last full drawing, and from where it was seen, if drawing is slow. */
  #still: { readonly picture: HTMLCanvasElement; readonly camera: Camera } | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #drag: { x: number; y: number; moved: number } | undefined;

  constructor(canvas: HTMLCanvasElement, props: { readonly current: GraphCanvasProps }) {
    this.#canvas = canvas;
    this.#props = props;
    Object.assign(canvas.dataset, { inputs: "0", frames: "0" });
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(canvas.parentElement!);
    const { signal } = this.#ended;
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#up(event), { signal });
    canvas.addEventListener("dblclick", (event) => this.#props.current.open(this.#under(event)), { signal });
  }

  /** The first camera. */
  begin(camera: Camera | undefined): void {
    this.#wanted = camera;
    this.#resize();
  }

  stop(): void {
    this.#ended.abort();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
  }

  camera(): Camera {
    return this.#camera;
  }

  move(next: (camera: Camera, size: { readonly width: number; readonly height: number }) => Camera): void {
    this.#camera = next(this.#camera, this.#size);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#moving = false;
      this.draw();
      this.#props.current.rested(this.#camera);
    }, REST_MILLISECONDS);
    this.#moving = true;
    this.draw();
  }

  /** What is to be drawn changed: the picture of it is of no use any more. */
  change(): void {
    this.#still = undefined;
    this.draw();
  }

  /** Asks for a frame; events until then are in it. */
  draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const context = this.#canvas.getContext("2d");
    if (context === null || this.#size.width === 0) return;
    const { scene, traffic, chosen, found } = this.#props.current;
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.#moving && this.#still !== undefined) this.#shift(context, this.#still);
    else {
      const began = performance.now();
      paint(context, { scene, camera: this.#camera, size: this.#size, inks: this.inks, traffic, chosen, found });
      this.#still = performance.now() - began > SLOW_MILLISECONDS ? this.#picture() : undefined;
    }
    this.#canvas.dataset.frames = String(Number(this.#canvas.dataset.frames) + 1);
    this.#canvas.dataset.scale = this.#camera.scale.toPrecision(4);
  }

  #picture(): { readonly picture: HTMLCanvasElement; readonly camera: Camera } {
    const picture = document.createElement("canvas");
    picture.width = this.#canvas.width;
    picture.height = this.#canvas.height;
    picture.getContext("2d")?.drawImage(this.#canvas, 0, 0);
    return { picture, camera: this.#camera };
  }

  #shift(
    context: CanvasRenderingContext2D,
    { picture, camera }: { readonly picture: HTMLCanvasElement; readonly camera: Camera },
  ): void {
    const { left, top, scale } = this.#camera;
    const { width, height } = this.#size;
    const factor = scale / camera.scale;
    context.clearRect(0, 0, width, height);
    const [x, y] = [(camera.left - left) * scale, (camera.top - top) * scale];
    context.drawImage(picture, x, y, width * factor, height * factor);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas.parentElement!;
    if (width === 0 || height === 0) return;
    this.#size = { width, height };
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#still = undefined;
    if (!this.#fitted) {
      this.#camera = this.#wanted ?? fitted(this.#props.current.scene.layout.box, this.#size);
      this.#fitted = true;
    }
    this.#paint();
  }

  #count(): void {
    this.#canvas.dataset.inputs = String(Number(this.#canvas.dataset.inputs) + 1);
  }

  #point(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #under(event: MouseEvent): number {
    return nodeAt(this.#props.current.scene, this.#camera, this.#point(event));
  }

  // A wheel zooms, as on a map; with Shift it moves sideways.
  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#count();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey) this.move((camera) => panned(camera, -unit * (event.deltaX || event.deltaY), 0));
    else this.move((camera) => zoomed(camera, 2 ** ((-unit * event.deltaY) / 300), this.#point(event)));
  }

  #down(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, moved: 0 };
  }

  #moved(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === undefined) return;
    this.#count();
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    this.#drag = { x: event.clientX, y: event.clientY, moved: drag.moved + Math.abs(x) + Math.abs(y) };
    this.move((camera) => panned(camera, x, y));
  }

  #up(event: PointerEvent): void {
    const clicked = this.#drag !== undefined && this.#drag.moved <= CLICK_SLACK;
    this.#drag = undefined;
    if (clicked) this.#props.current.choose(this.#under(event));
  }
}
