import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A file of `test/data`, unpacked and parsed. */
export function readPacked(name: string): unknown {
  const bytes = readFileSync(new URL(`../data/${name}`, import.meta.url));
  return JSON.parse(gunzipSync(bytes).toString("utf8"));
}

/** One published scenario file. */
export interface PublishedScenario {
  readonly path: string;
  readonly valid_json: boolean;
  readonly scenario?: { readonly input_parameters: object };
  readonly text?: string;
}

/** The published scenario files, as texts. */
export function publishedScenarios(): { path: string; text: string; valid: boolean; parameters: object | undefined }[] {
  return (readPacked("scenarios.json.gz") as PublishedScenario[]).map((each) => ({
    path: each.path,
    text: each.text ?? JSON.stringify(each.scenario, null, 2),
    valid: each.valid_json,
    parameters: each.scenario?.input_parameters,
  }));
}

/** What BaCO itself builds for one set of parameters. */
export interface ExpectedChain {
  readonly dimension: number;
  readonly cartesian?: number | null;
  readonly conditional?: boolean;
  readonly trees?: readonly (readonly [leaves: number, depth: number])[];
  readonly cot_size?: number;
  readonly cot_order?: readonly string[];
  readonly error?: string;
}

/** What BaCO builds, by the SHA-1 of the parameters' JSON with sorted keys. */
export function expectedChains(): Map<string, ExpectedChain> {
  return new Map(Object.entries(readPacked("cot-expected.json.gz") as Record<string, ExpectedChain>));
}
