/** Everything that can be asked for beside the expression. */
import type { DrawnTensor } from "./answer.ts";
import { isWithin, limits, type PlaygroundRequest } from "./request.ts";

interface SettingsProps {
  readonly request: PlaygroundRequest;
  /** Operands of the last expression that could be read. */
  readonly tensors: readonly DrawnTensor[];
  readonly result: string | null;
  /** Tensor whose format is at fault. */
  readonly wrong: string | undefined;
  change(changes: Partial<PlaygroundRequest>): void;
}

const commonFormats = ["CSR", "CSC", "DCSR", "DCSC", "COO", "CSF", "dense", "ds", "ss", "dd", "d", "s"];

const numbers = [
  ["extent", "extent of each index", 1],
  ["density", "share of entries", 0.01],
  ["seed", "seed", 1],
  ["units", "units", 1],
] as const;

/** The fields. */
export function Settings({ request, tensors, result, wrong, change }: SettingsProps) {
  const setFormat = (name: string, format: string) => {
    const { [name]: _, ...others } = request.formats;
    change({ formats: format.trim() === "" ? others : { ...others, [name]: format.trim() } });
  };
  const named = [...tensors.map(({ name }) => name), ...(result === null ? [] : [result])];
  return (
    <div class="settings">
      <datalist id="formats">
        {commonFormats.map((format) => (
          <option key={format} value={format} />
        ))}
      </datalist>
      <table class="plain">
        <tbody>
          {named.map((name) => {
            const drawn = tensors.find((tensor) => tensor.name === name);
            return (
              <tr key={name}>
                <th>
                  {name}
                  {drawn !== undefined && drawn.indices.length > 0 && `(${drawn.indices.join(",")})`}
                </th>
                <td>
                  <input
                    list="formats"
                    size={9}
                    aria-label={`Format of ${name}`}
                    aria-invalid={wrong === name}
                    value={request.formats[name] ?? ""}
                    placeholder={drawn === undefined ? "chosen" : drawn.format}
                    onInput={(event) => setFormat(name, event.currentTarget.value)}
                  />
                </td>
                <td class="soft">{drawn === undefined ? "result" : `${drawn.entries} entries`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div class="tools">
        <label>
          loops
          <input
            size={9}
            value={request.order}
            placeholder="chosen"
            onInput={(event) => change({ order: event.currentTarget.value })}
          />
        </label>
        {numbers.map(([key, name, step]) => (
          <label key={key}>
            {name}
            <input
              type="number"
              min={limits[key].least}
              max={limits[key].most}
              step={step}
              value={request[key]}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (isWithin(key, value)) change({ [key]: value });
              }}
            />
          </label>
        ))}
      </div>
    </div>
  );
}
