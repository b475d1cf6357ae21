/** Differences of two texts, line by line: a shortest script of insertions and deletions (Myers), with far parts folded. */

/** A line of a difference: in both texts, only in the old one, or only in the new one; or lines in both that are left out. */
export type DiffLine =
  | { readonly kind: "same" | "old" | "new"; readonly text: string; readonly oldLine: number; readonly newLine: number }
  | { readonly kind: "folded"; readonly count: number };

/** Above so many changed lines, the middle counts as replaced as a whole: the exact script would take too long to find. */
const MOST_CHANGES = 2000;

type Step = "same" | "old" | "new";

/** The lines of `before` and `after` as one list; deletions stand before the insertions that replace them. */
export function diffLines(before: string, after: string): readonly Exclude<DiffLine, { kind: "folded" }>[] {
  const [old, made] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < made.length && old[head] === made[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < made.length - head && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  const middle = shortestScript(old.slice(head, old.length - tail), made.slice(head, made.length - tail));
  const steps: Step[] = [...Array<Step>(head).fill("same"), ...middle, ...Array<Step>(tail).fill("same")];
  let [oldLine, newLine] = [0, 0];
  return steps.map((kind) => {
    const line = { kind, text: (kind === "new" ? made[newLine] : old[oldLine])!, oldLine, newLine };
    if (kind !== "new") oldLine += 1;
    if (kind !== "old") newLine += 1;
    return line;
  });
}

// Source of the idea: Myers, "An O(ND) Difference Algorithm and Its Variations": the farthest point on each diagonal, round by round.
function shortestScript(old: readonly string[], made: readonly string[]): readonly Step[] {
  const rounds: Int32Array[] = [];
  const most = Math.min(old.length + made.length, MOST_CHANGES);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  for (let round = 0; round <= most; round++) {
    rounds.push(reach.slice());
    for (let diagonal = -round; diagonal <= round; diagonal += 2) {
      const down =
        diagonal === -round || (diagonal !== round && reach[middle + diagonal - 1]! < reach[middle + diagonal + 1]!);
      let x = down ? reach[middle + diagonal + 1]! : reach[middle + diagonal - 1]! + 1;
      while (x < old.length && x - diagonal < made.length && old[x] === made[x - diagonal]) x++;
      reach[middle + diagonal] = x;
      if (x >= old.length && x - diagonal >= made.length) return walkBack(rounds, old.length, made.length, middle);
    }
  }
  return [...old.map((): Step => "old"), ...made.map((): Step => "new")];
}

function walkBack(
  rounds: readonly Int32Array[],
  oldLength: number,
  newLength: number,
  middle: number,
): readonly Step[] {
  const steps: Step[] = [];
  let [x, y] = [oldLength, newLength];
  for (let round = rounds.length - 1; round >= 0; round--) {
    const reach = rounds[round]!;
    const diagonal = x - y;
    const down =
      diagonal === -round || (diagonal !== round && reach[middle + diagonal - 1]! < reach[middle + diagonal + 1]!);
    const fromX = round === 0 ? 0 : reach[middle + (down ? diagonal + 1 : diagonal - 1)]!;
    const fromY = round === 0 ? 0 : fromX - (down ? diagonal + 1 : diagonal - 1);
    const [stepX, stepY] = round === 0 ? [0, 0] : down ? [fromX, fromY + 1] : [fromX + 1, fromY];
    for (; x > stepX && y > stepY; x--, y--) steps.push("same");
    if (round > 0) steps.push(down ? "new" : "old");
    [x, y] = [fromX, fromY];
  }
  return steps.reverse();
}

/** A difference with unchanged lines left out that are farther than `near` lines from any change. */
export function foldSame(lines: readonly Exclude<DiffLine, { kind: "folded" }>[], near = 3): readonly DiffLine[] {
  const changed = lines.flatMap(({ kind }, at) => (kind === "same" ? [] : [at]));
  const kept = new Uint8Array(lines.length);
  for (const at of changed) kept.fill(1, Math.max(0, at - near), at + near + 1);
  const folded: DiffLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (kept[at]) {
      folded.push(lines[at]!);
      continue;
    }
    let count = 1;
    while (at + 1 < lines.length && !kept[at + 1]) {
      at += 1;
      count += 1;
    }
    folded.push({ kind: "folded", count });
  }
  return folded;
}
