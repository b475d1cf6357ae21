/** The matrix in cells, each in the colour of the unit that owns most of it. */
import { useMemo } from "preact/hooks";
import { CanvasLayer } from "../chart/canvas-layer.tsx";
import { useInks } from "../chart/inks.ts";
import { exactLabel } from "../chart/number-label.ts";
import { useWidth } from "../chart/size.ts";
import type { UnitsView } from "../view/units.ts";
import { unitColor } from "./unit-colors.ts";

interface MatrixMapProps {
  readonly view: UnitsView;
  readonly chosen: number | undefined;
  choose(unit: number): void;
}

const WIDEST = 640;

/** The map; a click chooses the unit of a cell. */
export function MatrixMap({ view, chosen, choose }: MatrixMapProps) {
  const { rows, columns, scale, cells, owners, entries, owned, work } = view;
  const { box, width: room } = useWidth();
  const inks = useInks();
  const [across, down] = [Math.max(1, Math.ceil(columns / scale)), Math.max(1, Math.ceil(rows / scale))];
  const size = Math.min(room, WIDEST) / Math.max(across, down);
  const [width, height] = [size * across, Math.max(size * down, 1)];
  const at = useMemo(() => new Map(cells.map((cell, index) => [cell, index])), [cells]);
  const cellAt = (event: PointerEvent): number | undefined => {
    const edge = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [column, row] = [event.clientX - edge.left, event.clientY - edge.top].map((one) => Math.floor(one / size));
    return column! < across ? at.get(row! * across + column!) : undefined;
  };
  const paint = (context: CanvasRenderingContext2D) => {
    context.strokeStyle = inks.get("--line")!;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    const side = Math.max(1, size - (size >= 4 ? 0.5 : 0));
    for (const [index, cell] of cells.entries()) {
      const owner = owners[index]!;
      context.fillStyle =
        chosen === undefined || owner === chosen ? unitColor(owner, work.length) : inks.get("--line")!;
      context.fillRect((cell % across) * size, Math.floor(cell / across) * size, side, side);
    }
    return undefined;
  };
  return (
    <div ref={box}>
      <div
        class="plot matrix-map"
        style={{ height: `${height}px`, width: `${width}px` }}
        role="img"
        aria-label={`${view.label}, ${rows} x ${columns}, by the unit that owns each entry`}
        onPointerUp={(event) => {
          const cell = cellAt(event);
          if (cell !== undefined) choose(owners[cell]!);
        }}
        onPointerMove={(event) => {
          const cell = cellAt(event);
          const said =
            cell === undefined ? "" : `unit ${owners[cell]}: ${owned[cell]} of ${entries[cell]} entries of this cell`;
          event.currentTarget.title = said;
        }}
      >
        <CanvasLayer width={width} height={height} paint={paint} inputs={[view, inks, chosen]} />
      </div>
      <p class="soft">
        {view.label}, {exactLabel(rows)} x {exactLabel(columns)}
        {scale > 1 && `; a cell is ${scale} x ${scale}`}
      </p>
    </div>
  );
}
