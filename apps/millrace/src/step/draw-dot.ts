/** A Graphviz graph as an SVG picture. */
export async function drawDot(dot: string): Promise<string> {
  // Graphviz is a megabyte of code: only who draws loads it.
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  return viz.renderString(dot, { format: "svg", engine: "dot" });
}
