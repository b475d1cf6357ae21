import type { Sibling } from "./siblings.ts";

interface SiblingChoiceProps {
  /** What stands before the list: `compare with`. */
  readonly label: string;
  /** What the list calls no choice. */
  readonly none: string;
  readonly siblings: readonly Sibling[];
  /** Key of the chosen one; empty for none. */
  readonly chosen: string;
  choose(key: string): void;
}

/** Chooses another view of the same kind; nothing where there is none. */
export function SiblingChoice({ label, none, siblings, chosen, choose }: SiblingChoiceProps) {
  if (siblings.length === 0) return null;
  return (
    <label>
      {label}
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{none}</option>
        {siblings.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
