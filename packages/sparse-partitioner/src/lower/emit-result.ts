import { AppendResult, SurvivorResult } from "./append-result.ts";
import { DenseResult } from "./dense-result.ts";
import type { LoopEmitter } from "./emit-loops.ts";
import type { ResultEmitter } from "./result-emitter.ts";
import { WorkspaceResult } from "./workspace-result.ts";

/** The emitter of a kind of result. */
export function resultEmitter(emitter: LoopEmitter): ResultEmitter {
  const { result } = emitter.spec;
  switch (result.kind) {
    case "dense":
      return new DenseResult(emitter, result);
    case "append":
      return new AppendResult(emitter, result);
    case "workspace":
      return new WorkspaceResult(emitter, result);
    case "survivors":
      return new SurvivorResult(emitter, result.operands);
  }
}
