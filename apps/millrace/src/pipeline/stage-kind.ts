/** What a kind of stage says of itself: what it takes, what can be set, what it gives; and the function that it is. */
import type { JsonValue } from "../terminal/json.ts";
import type { ArtifactName, Artifacts } from "./artifacts.ts";
import type { OptionShape, OptionValues } from "./options/option-shape.ts";
import type { StageResult } from "./stage-result.ts";

/** An input of a stage: what earlier stages give. */
export interface StageInput<Name extends ArtifactName = ArtifactName> {
  readonly type: Name;
  readonly brief: string;
  /** Whether the stage can do without it. */
  readonly optional?: boolean;
}

/** Inputs by name. */
export type StageInputs = Readonly<Record<string, StageInput>>;

/** What a stage may use while it runs. */
export interface StagePlace {
  /** Folder of the pipeline: file names in options and outputs start here. */
  readonly folder: string;
  /** A folder of the stage's own for what lets it go on after any end; it is removed when the stage is done. */
  readonly work: string;
  /** What the stage's result depends on, as a digest. */
  readonly key: string;
  /** Milliseconds since some moment, for figures that are measured. */
  now(): number;
  stopRequested(): boolean;
  /** Names work that begins, and says how far it is. */
  begin(task: string): void;
  report(done: number, total: number, unit: string): void;
}

type ValueOf<Input extends StageInput> = Input extends { readonly optional: true }
  ? Artifacts[Input["type"]] | undefined
  : Artifacts[Input["type"]];

/** One run of a stage. */
export interface StageCall<Inputs extends StageInputs, Options extends Readonly<Record<string, OptionShape>>> {
  readonly inputs: { readonly [Name in keyof Inputs]: ValueOf<Inputs[Name]> };
  readonly options: OptionValues<Options>;
  readonly place: StagePlace;
}

/** A kind of stage as it is defined. */
export interface StageDefinition<
  Inputs extends StageInputs,
  Options extends Readonly<Record<string, OptionShape>>,
  Output extends ArtifactName,
> {
  /** The name in a pipeline: a verb and what it is done to. */
  readonly name: string;
  readonly brief: string;
  /** Packages whose code the result depends on, without their scope; what they import counts by itself. */
  readonly packages: readonly string[];
  readonly inputs: Inputs;
  readonly options: Options;
  readonly output: Output;
  /** Whether what it gives, or a part that is kept apart, depends on the time that something took on this machine. */
  readonly measures?: "all" | "part";
  run(call: StageCall<Inputs, Options>): Promise<StageResult<Artifacts[Output]>> | StageResult<Artifacts[Output]>;
}

/** A kind of stage, whatever it takes. */
export interface StageKind
  extends Omit<StageDefinition<StageInputs, Readonly<Record<string, OptionShape>>, ArtifactName>, "run"> {
  run(call: {
    readonly inputs: Readonly<Record<string, JsonValue | undefined>>;
    readonly options: Readonly<Record<string, JsonValue | undefined>>;
    readonly place: StagePlace;
  }): Promise<StageResult<JsonValue>>;
}

/** Defines a kind: within `run`, inputs and options have the types that are described. */
export function stageKind<
  const Inputs extends StageInputs,
  const Options extends Readonly<Record<string, OptionShape>>,
  const Output extends ArtifactName,
>(definition: StageDefinition<Inputs, Options, Output>): StageKind {
  return {
    ...definition,
    // The engine passes what it has checked against these very descriptions.
    run: async ({ inputs, options, place }) =>
      (await definition.run({
        inputs: inputs as never,
        options: options as never,
        place,
      })) as unknown as StageResult<JsonValue>,
  };
}
