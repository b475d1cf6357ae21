import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A file of `test/data`, unpacked if it is gzipped. */
export function recordedText(name: string): string {
  const bytes = readFileSync(new URL(`../data/${name}`, import.meta.url));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** A recorded matrix-vector product on PIM. */
export interface GemvCase {
  readonly id: string;
  readonly timing: string;
  readonly refresh: "AllBankHBM3" | "No";
  readonly gemv: {
    readonly channels: number;
    readonly bytes: number;
    readonly tokens: number;
    readonly spread: "bg" | "bank";
    readonly rowsPerChannel: number;
    readonly cols: number;
    readonly sameWeights?: boolean;
  };
  readonly traceSha256: string;
  readonly expected: {
    readonly memory_system_cycles: number;
    readonly commandHistogram: Readonly<Record<string, number>>;
    readonly commandTraceSha256: Readonly<Record<string, string>>;
  };
}

/** The 30 recorded products. */
export const gemvCases: readonly GemvCase[] = (
  JSON.parse(recordedText("gemv-cases.json")) as { readonly cases: readonly GemvCase[] }
).cases;

/** Median and mean of values. */
export function spread(values: readonly number[]): { readonly median: number; readonly mean: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}
