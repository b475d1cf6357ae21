/** The parts of an answer. */
import { exactLabel } from "../chart/number-label.ts";
import { WorkBars } from "../partition/work-bars.tsx";
import type { Checked, CompiledLoops, SimulatedGraph } from "./answer.ts";

/** Whether a result equals the dense evaluation. */
function Verdict({ checked }: { readonly checked: Checked }) {
  const { compared, differing, largestError } = checked;
  if (differing > 0)
    return (
      <b class="fault">
        differs from the dense evaluation in {exactLabel(differing)} of {exactLabel(compared)} places
      </b>
    );
  return (
    <span class="good">
      equals the dense evaluation in all {exactLabel(compared)} places
      {largestError === 0 ? ", exactly" : `, within ${largestError.toExponential(1)}`}
    </span>
  );
}

/** What the simulation of the graph came to. */
export function GraphFacts({ part }: { readonly part: SimulatedGraph }) {
  const { graph, order, cycles, tokens, checked } = part;
  return (
    <dl class="facts">
      <dt>loops</dt>
      <dd>{order.join(", ") || "none"}</dd>
      <dt>simulated</dt>
      <dd>
        {exactLabel(cycles)} cycles, {exactLabel(tokens)} tokens, {graph.nodes.length} blocks
      </dd>
      <dt>result</dt>
      <dd>
        <Verdict checked={checked} />
      </dd>
    </dl>
  );
}

/** What the run of the loops came to. */
export function LoopFacts({ part }: { readonly part: CompiledLoops }) {
  const { order, work, bound, unitWork, wasmBytes, checked } = part;
  return (
    <dl class="facts">
      <dt>loops</dt>
      <dd>{order.join(", ") || "none"}</dd>
      <dt>work</dt>
      <dd>
        {exactLabel(work)} in {unitWork.length} units, at most {exactLabel(bound)} each
      </dd>
      <dt>ran</dt>
      <dd>{exactLabel(wasmBytes)} bytes of WebAssembly</dd>
      <dt>result</dt>
      <dd>
        <Verdict checked={checked} />
      </dd>
    </dl>
  );
}

/** The plan, with the work of each unit. */
export function Plan({ part }: { readonly part: CompiledLoops }) {
  return (
    <>
      <WorkBars work={part.unitWork} bound={part.bound} chosen={undefined} choose={() => {}} />
      <pre class="code">{part.plan}</pre>
    </>
  );
}
