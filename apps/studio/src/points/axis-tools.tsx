import type { PointsAxis } from "../view/points.ts";
import type { AxisGoal } from "./designs.ts";

interface AxisToolsProps {
  readonly axes: readonly PointsAxis[];
  readonly x: number;
  readonly y: number;
  readonly goals: readonly AxisGoal[];
  readonly scales: readonly string[];
  setX(axis: number): void;
  setY(axis: number): void;
  setGoal(axis: number, goal: AxisGoal): void;
  setScale(at: 0 | 1, scale: string): void;
}

/** Which axes are shown, on which scales, and what is wanted of each. */
export function AxisTools({ axes, x, y, goals, scales, setX, setY, setGoal, setScale }: AxisToolsProps) {
  return (
    <>
      <div class="tools">
        {(
          [
            ["across", x, setX, 0],
            ["up", y, setY, 1],
          ] as const
        ).map(([name, axis, set, at]) => (
          <span key={name} class="pair">
            <label>
              {name}
              <select value={axis} onChange={(event) => set(Number(event.currentTarget.value))}>
                {axes.map((each, index) => (
                  <option key={each.name} value={index}>
                    {each.name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <input
                type="checkbox"
                checked={scales[at] === "log"}
                onChange={(event) => setScale(at, event.currentTarget.checked ? "log" : "linear")}
              />
              logarithmic
            </label>
          </span>
        ))}
      </div>
      <div class="tools goals">
        <span class="soft">The front is of</span>
        {axes.map(({ name }, axis) => (
          <label key={name}>
            {name}
            <select value={goals[axis]} onChange={(event) => setGoal(axis, event.currentTarget.value as AxisGoal)}>
              <option value="minimize">least</option>
              <option value="maximize">most</option>
              <option value="none">any</option>
            </select>
          </label>
        ))}
      </div>
    </>
  );
}
