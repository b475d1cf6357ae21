export { TunerError, type TunerErrorCode } from "./errors.ts";
export { type Fault, type FaultCode, type Place, renderFaults } from "./fault.ts";
export { type CsvLayout, type CsvRow, readCsv, writeCsv } from "./history/csv.ts";
export { earlierTrials } from "./history/earlier-trials.ts";
export { LoggedStudy, type LoggedStudyOptions, type LogStore } from "./history/logged-study.ts";
export { type OptunaJournalOptions, writeOptunaJournal } from "./history/optuna-journal.ts";
export {
  type AskRecord,
  type LogDamage,
  type LogHeader,
  type LogRecord,
  type ReadLog,
  type ResumeRecord,
  readRecords,
  type TellRecord,
} from "./history/records.ts";
export { Random } from "./numeric/random.ts";
export { type MeasurementLayout, measurementFrom, readMeasurement } from "./objective/read-measurement.ts";
export { endOfStudy, type ProtocolLayout, type Reply, readReply, writeRequest } from "./protocol/client-server.ts";
export {
  checkScenario,
  readScenario,
  type Scenario,
  type ScenarioCheck,
  type ScenarioText,
} from "./scenario/read-scenario.ts";
export { checkT1, isT1, type T1Check } from "./scenario/read-t1.ts";
export type { HyperPrior, Settings } from "./scenario/settings.ts";
export { writeScenario } from "./scenario/write-scenario.ts";
export { checkSpace, createSpace, type SpaceCheck } from "./space/create-space.ts";
export { FeatureMap } from "./space/features.ts";
export { createListedSpace } from "./space/listed-space.ts";
export { type NeighbourOptions, neighboursOf } from "./space/neighbours.ts";
export {
  type Config,
  type Parameter,
  type ParameterOptions,
  type PermutationMetric,
  type Prior,
  type Value,
  valueFromText,
  valueToText,
} from "./space/parameter.ts";
export type { SampleOptions, Sampling, Space, SpaceParts, Violation } from "./space/space.ts";
export type { Point, Tree } from "./space/trees/tree.ts";
export { isOutOfRace } from "./study/early-stopping.ts";
export { type Importance, importanceOf, type StudiedTrials } from "./study/importance.ts";
export { hypervolume, paretoFront } from "./study/pareto.ts";
export { type EarlierTrial, Study, type StudyOptions, type StudyState } from "./study/study.ts";
export type { Explanation, FailureKind, Outcome, Phase, Trial } from "./study/trial.ts";
export type { Hyperparameters } from "./surrogate/log-posterior.ts";
export { readKernelTunerCache, readT4 } from "./table/kernel-tuner.ts";
export { type MeasurementTable, type RecordedSpace, readRecordedSpace } from "./table/recorded-space.ts";
