/**
 * A standard with further commands, such as those of banks that compute.
 */
import { SimError } from "../../errors.ts";
import { checkSpec } from "./check-spec.ts";
import { commandIndex, type DramCommand, type DramSpec, type TimingConstraint } from "./dram-spec.ts";

/** A command to add; flags that are not given are false. */
export interface AddedCommand {
  readonly name: string;
  /** Name of the level at which it acts. */
  readonly scope: string;
  readonly opens?: boolean;
  readonly closes?: boolean;
  readonly accesses?: boolean;
  readonly bus?: DramCommand["bus"];
}

/** After any of `preceding`, any of `following` must wait `latency` ticks at the same node of `level`. */
export interface AddedConstraint {
  readonly level: string;
  readonly preceding: readonly string[];
  readonly following: readonly string[];
  readonly latency: number;
  /** The wait counts from the `window`-th last command. Default 1. */
  readonly window?: number;
}

/**
 * `spec` with `commands` and `constraints` added, and with some of its named timings replaced.
 *
 * @throws {SimError} `dram-spec` for a name that is unknown or taken, and if the result cannot be run.
 */
export function extendSpec(
  spec: DramSpec,
  added: {
    readonly commands: readonly AddedCommand[];
    readonly constraints: readonly AddedConstraint[];
    readonly timing?: Readonly<Record<string, number>>;
  },
): DramSpec {
  const levelOf = (name: string): number => {
    const level = spec.levels.indexOf(name);
    if (level >= 0) return level;
    throw new SimError("dram-spec", `${spec.name}: level ${name} is none of ${spec.levels.join(", ")}`);
  };
  const commands = [...spec.commands];
  for (const { name, scope, opens = false, closes = false, accesses = false, bus = null } of added.commands) {
    if (commands.some((command) => command.name === name)) {
      throw new SimError("dram-spec", `${spec.name}: command ${name} is there already`);
    }
    commands.push({ name, scope: levelOf(scope), opens, closes, accesses, refreshes: false, bus, added: true });
  }
  const extended = { ...spec, commands, timing: { ...spec.timing, ...added.timing } };
  const codeOf = (name: string): number => {
    const code = commandIndex(extended, name);
    if (code >= 0) return code;
    throw new SimError("dram-spec", `${spec.name}: a constraint names the command ${name}, which is not there`);
  };
  const rows = added.constraints.flatMap(({ level, preceding, following, latency, window = 1 }) =>
    preceding.flatMap((first) =>
      following.map(
        (second): TimingConstraint => ({
          level: levelOf(level),
          preceding: codeOf(first),
          following: codeOf(second),
          latency,
          window,
          sibling: false,
        }),
      ),
    ),
  );
  return checkSpec({ ...extended, constraints: [...spec.constraints, ...rows] });
}
