export type * from "./sam/graph.ts";
