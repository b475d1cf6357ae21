/** Experts by their tokens, the busiest first, in the colour of the device that they run on. */
import { Axes } from "../chart/axes.tsx";
import { makeScale } from "../chart/scale.ts";
import { useWidth } from "../chart/size.ts";
import type { PlacementView } from "../view/placement.ts";
import type { PlacedTokens } from "./by-expert.ts";

interface ExpertBarsProps {
  readonly view: PlacementView;
  readonly experts: readonly PlacedTokens[];
  readonly chosen: number | undefined;
  colorOf(device: number): string;
  choose(expert: number): void;
}

const HEIGHT = 240;
const LEFT = 48;
const RIGHT = 10;
const TOP = 20;
const BOTTOM = HEIGHT - 38;
const LEAST = 4;

/** The bars; a click chooses an expert. */
export function ExpertBars({ view, experts, chosen, colorOf, choose }: ExpertBarsProps) {
  const { box, width: room } = useWidth();
  const width = Math.max(room, LEFT + RIGHT + LEAST * experts.length);
  const x = makeScale({ least: 0, most: Math.max(1, experts.length), from: LEFT, to: width - RIGHT, wanted: 6 });
  const y = makeScale({ least: 0, most: (experts[0]?.tokens ?? 1) * 1.05, from: BOTTOM, to: TOP, wanted: 4 });
  const wide = Math.max(1, (width - LEFT - RIGHT) / Math.max(1, experts.length) - 1);
  return (
    <div class="scroll-sideways" ref={box}>
      <div class="plot experts" style={{ height: `${HEIGHT}px`, width: `${width}px` }}>
        {room > 0 && (
          <svg role="img" aria-label={`Tokens of ${experts.length} experts by device`}>
            <Axes
              {...{ x, y, left: LEFT, right: width - RIGHT, top: TOP, bottom: BOTTOM }}
              xTitle="experts, the busiest first"
              yTitle="tokens"
            />
            {experts.map(({ expert, tokens, shares }, at) => {
              let below = 0;
              return (
                <g
                  key={expert}
                  class={chosen === undefined || chosen === expert ? "" : "others"}
                  onPointerUp={() => choose(expert)}
                >
                  <title>{`expert ${expert}: ${tokens} tokens, ${shares.map((share) => `${share.tokens} on ${view.devices[share.device]!.name}`).join(", ")}`}</title>
                  <rect class="reach" x={x.place(at)} y={TOP} width={wide + 1} height={BOTTOM - TOP} />
                  {shares.map(({ device, tokens: part }) => {
                    const [from, to] = [y.place(below), y.place(below + part)];
                    below += part;
                    return (
                      <rect
                        key={device}
                        x={x.place(at)}
                        y={to}
                        width={wide}
                        height={from - to}
                        fill={colorOf(device)}
                      />
                    );
                  })}
                </g>
              );
            })}
          </svg>
        )}
      </div>
    </div>
  );
}
