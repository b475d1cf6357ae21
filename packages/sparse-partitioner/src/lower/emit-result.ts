import { AppendResult, SurvivorResult } from "./append-result.ts";
import type { LoopEmitter } from "./emit-loops.ts";
import { alignedRows, denseRows, PlacedResult } from "./placed-result.ts";
import type { ResultEmitter } from "./result-emitter.ts";
import { WorkspaceResult } from "./workspace-result.ts";

/** The emitter of a kind of result. */
export function resultEmitter(emitter: LoopEmitter): ResultEmitter {
  const { result } = emitter.spec;
  switch (result.kind) {
    case "dense":
      return new PlacedResult(emitter, denseRows(emitter, result));
    case "aligned":
      return new PlacedResult(emitter, alignedRows(emitter, result));
    case "append":
      return new AppendResult(emitter, result);
    case "workspace":
      return new WorkspaceResult(emitter, result);
    case "survivors":
      return new SurvivorResult(emitter, result.operands);
  }
}
