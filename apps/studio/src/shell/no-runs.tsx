/** What stands in the middle while there is nothing to show. */
import type { BrokenRun } from "../run/run-list.ts";

const example =
  "millrace sam run examples/graphs/spmv.gv -i B=examples/data/karate.mtx -i c=random:34:0.5 --out out/spmv";

interface NoRunsProps {
  readonly broken: readonly BrokenRun[];
  /** Whether runs may still come. */
  readonly live: boolean;
}

/** How to get a run, or why those that are there cannot be shown. */
export function NoRuns({ broken, live }: NoRunsProps) {
  return (
    <section class="notice no-runs">
      {broken.length === 0 ? (
        <p>There is no run here yet.</p>
      ) : (
        <>
          <p>{broken.length === 1 ? "The run that is here cannot be shown:" : "None of the runs here can be shown:"}</p>
          <ul>
            {broken.map(({ name, fault }) => (
              <li key={name} class="fault">
                {fault}
              </li>
            ))}
          </ul>
        </>
      )}
      {live && (
        <>
          <p>A command leaves a run in the folder that --out names:</p>
          <pre>{example}</pre>
          <p>
            A folder up to two levels below the one where the studio was started appears here by itself; the name of any
            other goes behind <code>millrace studio</code>. The playground needs no run.
          </p>
        </>
      )}
    </section>
  );
}
