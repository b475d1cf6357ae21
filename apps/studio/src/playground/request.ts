/** What is asked of the playground, and how it stands in the address. */

/** An expression with how its tensors are stored, and the small random tensors to run it on. */
export interface PlaygroundRequest {
  /** One assignment in index notation. */
  readonly expression: string;
  /** Format of each tensor by name, as text; those that are not named are chosen. */
  readonly formats: Readonly<Record<string, string>>;
  /** Index variables, outermost loop first, with commas; empty to let it be chosen. */
  readonly order: string;
  /** Extent of every index variable. */
  readonly extent: number;
  /** Share of the entries of matrices and tensors that are stored. */
  readonly density: number;
  readonly seed: number;
  /** Units that the work is divided into. */
  readonly units: number;
}

/** Where the playground begins. */
export const startRequest: PlaygroundRequest = {
  expression: "y(i) = A(i,j) * x(j)",
  formats: {},
  order: "",
  extent: 24,
  density: 0.15,
  seed: 1,
  units: 4,
};

/** Ends of the numbers that can be asked for. */
export const limits = {
  extent: { least: 1, most: 256 },
  density: { least: 0, most: 1 },
  seed: { least: 0, most: 1_000_000 },
  units: { least: 1, most: 256 },
} as const;

const keys = { expression: "e", order: "o", extent: "n", density: "d", seed: "s", units: "p" } as const;
const FORMATS = "f";

/** The request that an address holds; what is missing or cannot be read is as at the start. */
export function readRequest(address: ReadonlyMap<string, string>): PlaygroundRequest {
  const { expression, order } = startRequest;
  const number = (key: keyof typeof limits): number => {
    const text = address.get(keys[key]) ?? "";
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return isWithin(key, value) ? value : startRequest[key];
  };
  return {
    expression: address.get(keys.expression) ?? expression,
    formats: parseFormats(address.get(FORMATS) ?? ""),
    order: address.get(keys.order) ?? order,
    extent: number("extent"),
    density: number("density"),
    seed: number("seed"),
    units: number("units"),
  };
}

/** Whether a number can be asked for. */
export function isWithin(key: keyof typeof limits, value: number): boolean {
  const { least, most } = limits[key];
  return value >= least && value <= most && (key === "density" || Number.isInteger(value));
}

/** What of the address a request takes; undefined for what is as at the start. */
export function printRequest(request: PlaygroundRequest): Record<string, string | undefined> {
  const changed = Object.entries(keys).map(([name, key]) => {
    const value = request[name as keyof typeof keys];
    return [key, value === startRequest[name as keyof typeof keys] ? undefined : String(value)] as const;
  });
  const formats = Object.entries(request.formats).filter(([, format]) => format !== "");
  const text = formats.map(([name, format]) => `${name}=${format}`).join(";");
  return { ...Object.fromEntries(changed), [FORMATS]: text === "" ? undefined : text };
}

/** Reads `A=CSR;x=d`; what has another form is left out. */
function parseFormats(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(";").flatMap((part) => {
      const [, name, format] = /^([A-Za-z_]\w*)=(.+)$/.exec(part) ?? [];
      return name === undefined || format === undefined ? [] : [[name, format]];
    }),
  );
}
