interface RowBarProps {
  readonly name: string;
  /** Length of the bar, from 0 to 1. */
  readonly share: number;
  readonly value: string;
  readonly color?: string;
  /** Said when the pointer rests on the bar. */
  readonly title?: string;
}

/** A bar in a row with its name and its value. */
export function RowBar({ name, share, value, color, title }: RowBarProps) {
  return (
    <div class="rowbar" title={title ?? `${name}: ${value}`}>
      <span>{name}</span>
      <i style={{ width: `${(100 * share).toFixed(2)}%`, ...(color === undefined ? {} : { background: color }) }} />
      <b>{value}</b>
    </div>
  );
}
