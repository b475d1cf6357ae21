import { SiblingChoice } from "../shell/sibling-choice.tsx";
import type { Sibling } from "../shell/siblings.ts";
import type { StudyView } from "../view/study.ts";

interface StudyToolsProps {
  readonly study: StudyView;
  readonly objective: number;
  readonly scale: string;
  readonly failed: string;
  readonly siblings: readonly Sibling[];
  readonly otherKey: string;
  setObjective(index: string): void;
  setScale(scale: string): void;
  setFailed(failed: string): void;
  setOther(key: string): void;
}

/** What can be chosen about a study. */
export function StudyTools(props: StudyToolsProps) {
  const { study, objective, scale, failed, siblings, otherKey } = props;
  return (
    <div class="tools">
      {study.objectives.length > 1 && (
        <label>
          ranked by
          <select value={objective} onChange={(event) => props.setObjective(event.currentTarget.value)}>
            {study.objectives.map(({ name }, at) => (
              <option key={name} value={at}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <input
          type="checkbox"
          checked={scale === "log"}
          onChange={(event) => props.setScale(event.currentTarget.checked ? "log" : "linear")}
        />
        logarithmic
      </label>
      {study.outcomes.length > 1 && (
        <label>
          <input
            type="checkbox"
            checked={failed === "shown"}
            onChange={(event) => props.setFailed(event.currentTarget.checked ? "shown" : "hidden")}
          />
          evaluations without a value
        </label>
      )}
      <SiblingChoice
        label="beside"
        none="no other study"
        siblings={siblings}
        chosen={otherKey}
        choose={props.setOther}
      />
    </div>
  );
}
