/** Draws evaluations as lines over parallel axes. */

import { inSteps } from "../chart/in-steps.ts";
import type { Inks } from "../chart/inks.ts";
import type { CoordinateAxis } from "./coordinates.ts";
import type { Quality } from "./quality.ts";

/** What is drawn where. */
export interface LineField {
  readonly axes: readonly CoordinateAxis[];
  readonly quality: Quality;
  /** Place across of each axis. */
  readonly across: readonly number[];
  /** Height of the places 1 and 0, and of evaluations that have none. */
  readonly top: number;
  readonly bottom: number;
  readonly nowhere: number;
}

/** Lines of one path: of more, overlaps would take long to fill. */
const batch = 40;
/** Lines of one frame. */
const perFrame = 2500;
/** Shades from 0 to the best, the last; -1 is that of evaluations without a value. */
const shades = 12;
/** Of few lines each is seen; of many the best stand out: about so many of them at more than a third of their strength. */
const outstanding = 120;

/** Draws the evaluations that `wanted` has a 1 for, the best last; gives what stops it. */
export function paintLines(
  context: CanvasRenderingContext2D,
  field: LineField,
  { wanted, inks, faint }: { readonly wanted: Uint8Array; readonly inks: Inks; readonly faint: boolean },
): () => void {
  const { order, share } = field.quality;
  const chosen = order.filter((at) => wanted[at] === 1);
  const crowd = chosen.length;
  // They stand from the worst to the best, so that their places are ranks among themselves.
  const shadeAt = (at: number): number =>
    Number.isNaN(share[chosen[at]!]!)
      ? -1
      : Math.floor(((at + 1) / crowd) ** Math.max(2, crowd / outstanding) * (shades - 1));
  context.lineJoin = "round";
  return inSteps({
    count: chosen.length,
    most: perFrame,
    work(from, until) {
      for (let at = from; at < until; ) {
        const shade = shadeAt(at);
        context.beginPath();
        const end = Math.min(until, at + batch);
        for (; at < end && shadeAt(at) === shade; at++) traceLine(context, field, chosen[at]!);
        setLook(context, { shade, inks, faint, crowd });
        context.stroke();
      }
    },
  });
}

/** Draws one evaluation over all others. */
export function paintLine(
  context: CanvasRenderingContext2D,
  field: LineField,
  evaluation: number,
  color: string,
): void {
  context.beginPath();
  traceLine(context, field, evaluation);
  context.strokeStyle = color;
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  context.stroke();
}

/** The evaluation whose line passes nearest to a point, if one passes within `reach` pixels. */
export function lineAt(
  field: LineField,
  wanted: Uint8Array,
  { across, down, reach }: { readonly across: number; readonly down: number; readonly reach: number },
): number | undefined {
  const right = field.across.findIndex((x) => x >= across);
  if (right <= 0) return undefined;
  const [from, to] = [field.across[right - 1]!, field.across[right]!];
  const part = (across - from) / (to - from);
  let found: number | undefined;
  let least = reach;
  // From the best on, so that of lines at one distance the better is found.
  for (const evaluation of field.quality.order.toReversed()) {
    if (wanted[evaluation] !== 1) continue;
    const height = heightAt(field, right - 1, evaluation) * (1 - part) + heightAt(field, right, evaluation) * part;
    const distance = Math.abs(height - down);
    if (distance < least) [least, found] = [distance, evaluation];
  }
  return found;
}

interface Look {
  readonly shade: number;
  readonly inks: Inks;
  readonly faint: boolean;
  readonly crowd: number;
}

function setLook(context: CanvasRenderingContext2D, { shade, inks, faint, crowd }: Look): void {
  const strength = Math.max(0, shade) / (shades - 1);
  // So that lines of a crowd add up to a tint, whose depth shows how many there are.
  const tint = Math.min(0.3, 2 / Math.sqrt(crowd));
  context.lineWidth = shade === shades - 1 ? 1.5 : 1;
  if (faint) {
    context.strokeStyle = inks.get("--soft")!;
    context.globalAlpha = tint / 3;
  } else if (shade <= 0) {
    context.strokeStyle = inks.get(shade < 0 ? "--starved" : "--soft")!;
    context.globalAlpha = shade < 0 ? Math.min(0.6, 4 * tint) : tint;
  } else {
    context.strokeStyle = inks.get("--accent")!;
    context.globalAlpha = tint + (0.95 - tint) * strength;
  }
}

function traceLine(context: CanvasRenderingContext2D, field: LineField, evaluation: number): void {
  const { across } = field;
  context.moveTo(across[0]!, heightAt(field, 0, evaluation));
  for (let at = 1; at < across.length; at++) context.lineTo(across[at]!, heightAt(field, at, evaluation));
}

function heightAt({ axes, top, bottom, nowhere }: LineField, axis: number, evaluation: number): number {
  const place = axes[axis]!.places[evaluation]!;
  return Number.isNaN(place) ? nowhere : bottom - place * (bottom - top);
}
