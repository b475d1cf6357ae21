/** Colours of units: neighbours get hues far apart, so that their border shows. */

/**
 * The colour of a unit, in light and in dark.
 *
 * @example
 * unitColor(0, 4); // => "hsl(0.0 60% 46%)"
 */
export function unitColor(unit: number, units: number): string {
  // The golden angle, beyond what a circle can keep apart.
  const hue = units <= 12 ? (unit * 360) / units : (unit * 137.508) % 360;
  return `hsl(${hue.toFixed(1)} 60% ${unit % 2 === 0 ? 46 : 60}%)`;
}
