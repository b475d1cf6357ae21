import { describe, expect, it } from "vitest";
import { checkT1, isT1 } from "../../src/scenario/read-t1.ts";
import { readKernelTunerCache, readT4 } from "../../src/table/kernel-tuner.ts";
import { readRecordedSpace } from "../../src/table/recorded-space.ts";
import { readPacked } from "../support/recorded-files.ts";

const recorded = readRecordedSpace(JSON.stringify(readPacked("conv_milo-A100.json.gz")));
const rows = [...recorded.values].map((value, row) => ({ config: recorded.configAt(row), value }));
const names = recorded.scenario.space.parameters.map(({ name }) => name);

const cacheText = JSON.stringify({
  device_name: "A100",
  kernel_name: "convolution",
  problem_size: [4096, 4096],
  tune_params_keys: names,
  tune_params: Object.fromEntries(names.map((name) => [name, [...new Set(rows.map(({ config }) => config[name]))]])),
  objective: "time",
  cache: Object.fromEntries(
    rows.map(({ config, value }) => [
      Object.values(config).join(),
      { ...config, time: Number.isNaN(value) ? "RuntimeFailedConfig" : value, times: [value], compile_time: 12 },
    ]),
  ),
});
const t4Text = JSON.stringify({
  metadata: { timeunit: "miliseconds" },
  results: rows.map(({ config, value }) => ({
    configuration: config,
    invalidity: Number.isNaN(value) ? "runtime" : "correct",
    measurements: [{ name: "time", value: Number.isNaN(value) ? null : value, unit: "ms" }],
    objectives: ["time"],
  })),
});

/** The space of the kernel as its authors publish it; filter sizes have one value each. */
const t1Text = JSON.stringify({
  General: { BenchmarkName: "convolution_milo", OutputFormat: "JSON" },
  ConfigurationSpace: {
    TuningParameters: [
      ["block_size_x", "[16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256]"],
      ["block_size_y", "[1, 2, 4, 8, 16]"],
      ["tile_size_x", "[1, 2, 3, 4]"],
      ["tile_size_y", "[1, 2, 3, 4]"],
      ["read_only", "[0, 1]"],
      ["use_padding", "[0, 1]"],
      ["use_shmem", "[0, 1]"],
      ["filter_height", "[15]"],
      ["filter_width", "[15]"],
    ].map(([Name, Values]) => ({ Name, Type: "int", Values, Default: 1 })),
    Conditions: [
      "use_padding==0 or block_size_x % 32 != 0",
      "block_size_x*block_size_y<=1024",
      "use_padding==0 or use_shmem != 0",
      "use_shmem == 0 or (((block_size_x*tile_size_x+(filter_width-1)))*((block_size_y*tile_size_y+(filter_height-1)))) < 12*1024",
    ].map((Expression) => ({ Expression, Parameters: [] })),
  },
  KernelSpecification: { Language: "CUDA" },
});

describe("files of Kernel Tuner", () => {
  it.each([
    ["a cache", () => readKernelTunerCache(cacheText)],
    ["a cache whose run was cut off", () => readKernelTunerCache(`${cacheText.slice(0, -2)},\n`)],
    ["T4 results", () => readT4(t4Text)],
  ])("%s answers as the recorded space it was made of", (_, read) => {
    const table = read();
    const { space } = table.scenario;
    expect(space.size).toBe(4362n);
    expect(table.best.value).toBe(recorded.best.value);
    for (let rank = 0n; rank < 4362n; rank += 7n) {
      const point = space.pointAt(rank);
      expect(space.rankOf(point)).toBe(rank);
      const config = space.configAt(point);
      expect(table.values[table.rowFor(config)]).toBe(recorded.values[recorded.rowFor(config)]);
    }
    const unlisted = { ...recorded.best.config, block_size_x: 256, block_size_y: 16 };
    expect(table.rowFor(unlisted)).toBe(-1);
    expect(space.locate(unlisted)).toEqual({ message: "it is not listed" });
  });

  it("a T1 space has exactly the configurations that were measured", () => {
    expect(isT1(t1Text)).toBe(true);
    const { scenario, faults } = checkT1(t1Text);
    expect(faults).toEqual([]);
    const { space } = scenario!;
    expect(space.size).toBe(4362n);
    const table = readT4(t4Text, scenario);
    for (let rank = 0n; rank < 4362n; rank += 7n)
      expect(table.rowFor(space.configAt(space.pointAt(rank)))).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ["{", "the file is no JSON object"],
    ["[]", "the file is no JSON object"],
    ['{"tune_params_keys": ["a"], "tune_params": {}}', "has tune_params_keys, tune_params and cache"],
    ['{"tune_params_keys": ["a"], "tune_params": {"a": [1]}, "cache": {}}', "there is no configuration with all of a"],
  ])("the cache %s is refused", (text, message) => expect(() => readKernelTunerCache(text)).toThrow(message));

  it.each([
    ["{", "a T1 file is JSON"],
    ['{"ConfigurationSpace": {}}', "TuningParameters, a list that is not empty"],
    ['{"ConfigurationSpace": {"TuningParameters": [{"Values": "[1]"}]}}', "TuningParameters[0] has no Name"],
    ['{"ConfigurationSpace": {"TuningParameters": [{"Name": "a", "Values": "range(3)"}]}}', "is no list of values"],
  ])("the T1 file %s is refused", (text, message) => expect(() => checkT1(text)).toThrow(message));
});
