// Writes the two `made-*.tns.gz` files beside it: `node make-dialects.mjs`. Equal bytes on every run.
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

let state = 20251;

/** An integer from 1 to `most`, from a linear congruential generator. */
function draw(most) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return 1 + Math.floor((state / 2 ** 32) * most);
}

function rows(shape, count) {
  const places = new Set();
  while (places.size < count) places.add(shape.map(draw).join(" "));
  return [...places];
}

function write(name, lines) {
  writeFileSync(new URL(name, import.meta.url), gzipSync(lines.join("\n"), { level: 9 }));
}

// A header of order and extents, sorted entries, no line feed at the end.
const sorted = rows([6, 9, 10], 22).map((place) => `${place} 1.0`);
write("made-header.tns.gz", ["3", "6 9 10", ...sorted.sort()]);
// No header, entries in any order, values of six decimals.
const loose = rows([3, 3, 3, 3], 16).map((place, entry) => `${place} ${(entry + 1).toFixed(6)}`);
write("made-loose.tns.gz", [...loose, ""]);
