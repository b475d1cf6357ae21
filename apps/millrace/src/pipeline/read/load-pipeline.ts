/** A pipeline from its file: read, checked as a whole, every fault told at once. */
import { basename, dirname, resolve } from "node:path";
import { DiagnosticBag, DiagnosticError } from "@millrace/ir-text";
import { readText } from "../../files/read.ts";
import type { Pipeline } from "../pipeline.ts";
import { checkPipeline } from "./check-pipeline.ts";
import { readOverrides } from "./overrides.ts";
import { readPipeline } from "./read-pipeline.ts";

/** What a command line says besides the file. */
export interface PipelineRequest {
  /** `STAGE.OPTION=VALUE`. */
  readonly set: readonly string[];
  readonly seed: number;
}

/**
 * Loads a pipeline; files in it are named from its folder, those in overrides from `folder`.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 * @throws {DiagnosticError} with all faults, in the order in which they stand in the text
 */
export function loadPipeline(folder: string, file: string, { set, seed }: PipelineRequest): Pipeline {
  const source = { name: file, text: readText(folder, file) };
  const home = dirname(resolve(folder, file));
  const bag = new DiagnosticBag();
  const written = readPipeline(source, home, bag);
  const stages = checkPipeline(written, readOverrides(set, folder, bag), { folder: home, bag, seed });
  if (bag.failed) throw new DiagnosticError(bag.diagnostics.toSorted((a, b) => placeOf(a) - placeOf(b)));
  const name = basename(file).replace(/\.[^.]*$/, "");
  return { name, title: written.title ?? name, about: written.about, folder: home, stages };

  function placeOf({ span }: (typeof bag.diagnostics)[number]): number {
    return span === undefined || span.source.name !== file ? Number.POSITIVE_INFINITY : span.start;
  }
}
