import { describe, expect, it } from "vitest";
import {
  balancedNs,
  exchangeNs,
  expertBytes,
  expertFlops,
  fitKernel,
  GpuKernel,
  generalLinkCost,
  hardwareNamed,
  type KernelSeries,
  KernelTable,
  linkCost,
  type MoeModel,
  modelNamed,
  type TokenDistribution,
} from "../../src/index.ts";
import { recordedText, spread } from "../support/recorded.ts";

interface Group {
  readonly device: string;
  readonly framework: string;
  readonly model: string;
  readonly dtype: string;
  readonly kernel: string;
  readonly ep: number;
  readonly distribution: string;
  readonly points: readonly (readonly [number, number])[];
}

const { groups } = JSON.parse(recordedText("moe-kernel-times.json.gz")) as { readonly groups: readonly Group[] };

function series({ model, dtype, ep, distribution, points }: Group): KernelSeries {
  return {
    model,
    format: dtype,
    ranks: ep,
    distribution: distribution.replaceAll("_", "-") as TokenDistribution,
    tokens: points.map(([tokens]) => tokens),
    ns: points.map(([, microseconds]) => microseconds * 1000),
  };
}

const families = new Map<string, KernelSeries[]>();
for (const group of groups) {
  const key = [group.device, group.framework, group.model, group.dtype, group.kernel].join(" ");
  families.set(key, [...(families.get(key) ?? []), series(group)]);
}

describe("the table of measured kernels", () => {
  it("predicts each of 975 series from the others with a median error within 8 % and a mean within 15 %", () => {
    expect(groups.length).toBe(975);
    const errors: number[] = [];
    for (const family of families.values()) {
      for (const left of family) {
        const table = new KernelTable(family.filter((each) => each !== left));
        for (const [at, tokens] of left.tokens.entries()) {
          const predicted = table.predictNs(left, tokens);
          if (predicted !== null) errors.push(Math.abs(predicted / left.ns[at]! - 1));
        }
      }
    }
    expect(errors.length).toBeGreaterThan(20_000);
    const { median, mean } = spread(errors);
    expect(median).toBeLessThan(0.08);
    expect(mean).toBeLessThan(0.15);
  });

  it("never falls with more tokens", () => {
    for (const family of families.values()) {
      const table = new KernelTable(family);
      let before = 0;
      for (let tokens = 1; tokens < 40_000; tokens = Math.ceil(tokens * 1.3)) {
        const time = table.predictNs(family[0]!, tokens)!;
        expect(time).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        before = time;
      }
    }
  });
});

function measured(model: MoeModel, gpu: string) {
  const { memoryBytesPerNs, flopsPerNs } = hardwareNamed(gpu).gpu;
  return {
    experts: model.experts,
    topK: model.topK,
    expertBytes: expertBytes(model),
    flopsPerToken: expertFlops(model),
    memoryBytesPerNs,
    flopsPerNs: flopsPerNs.bf16,
  };
}

describe("a roofline through measured kernels", () => {
  it("has a median error within 20 %", () => {
    const errors: number[] = [];
    for (const gpu of ["h100", "h200", "b200"]) {
      for (const id of ["qwen3.5-397b-a17b", "qwen3-30b-a3b", "gpt-oss-120b", "mixtral-8x7b"]) {
        const wanted = groups.filter(
          ({ device, model, framework, dtype, distribution }) =>
            device === `${gpu}_sxm` &&
            model === id &&
            framework.startsWith("vllm") &&
            distribution === "balanced" &&
            dtype === (id === "gpt-oss-120b" ? "w4a16_mxfp4" : "bfloat16"),
        );
        const kernel = measured(modelNamed(id), gpu);
        const all = wanted.map(series);
        const fit = fitKernel(kernel, all)!;
        for (const { tokens, ns, ranks } of all) {
          for (const [at, count] of tokens.entries()) {
            errors.push(Math.abs(balancedNs(kernel, fit, { tokens: count, ranks }) / ns[at]! - 1));
          }
        }
      }
    }
    expect(spread(errors).median).toBeLessThan(0.2);
  });

  it("scaled to the table gives each measured time of a balanced layer", () => {
    for (const gpu of ["h100", "h200", "b200"]) {
      for (const id of ["qwen3-30b-a3b", "gpt-oss-120b", "deepseek-v3"]) {
        const model = modelNamed(id);
        const hardware = hardwareNamed(gpu);
        const kernel = new GpuKernel(model, hardware);
        const cost = kernel.costFor(256);
        const own = model.experts / 8;
        const each = (256 * model.topK) / model.experts;
        const rows = own * Math.ceil(each / cost.tileRows) * cost.tileRows;
        const time =
          cost.fixedNs +
          Math.max((own * expertBytes(model)) / cost.bytesPerNs, (rows * expertFlops(model)) / cost.flopsPerNs);
        const format = id === "gpt-oss-120b" ? "w4a16_mxfp4" : id === "deepseek-v3" ? "fp8_block" : "bfloat16";
        const recorded = groups.find(
          (group) =>
            group.device === `${gpu}_sxm` &&
            group.model === id &&
            group.framework.startsWith("vllm") &&
            group.dtype === format &&
            group.ep === 8 &&
            group.distribution === "balanced",
        );
        if (recorded === undefined) continue;
        const ns = recorded.points.find(([tokens]) => tokens === 256)![1] * 1000;
        expect(Math.abs(time / ns - 1)).toBeLessThan(0.02);
      }
    }
  });

  it("is assumed, and says so, for models and sizes that nobody measured", () => {
    const model = { ...modelNamed("qwen3-30b-a3b"), expertIntermediate: 1000 };
    const kernel = new GpuKernel(model, hardwareNamed("h200"));
    expect(kernel.source).toBe("roofline of h200 with assumed efficiencies: nothing measured for this model");
    expect(kernel.costFor(64).bytesPerNs).toBe(0.8 * 4800);
  });
});

describe("the exchange between GPUs", () => {
  const rows = recordedText("deepep-low-latency.csv.gz").trim().split("\n").slice(1);
  const errorsOf = (of: typeof linkCost, remote: (topK: number) => boolean): number[] =>
    rows.flatMap((row) => {
      const [device = "", , hidden, tokens, topK, experts, dispatch, combine] = row.split(",");
      if (!remote(Number(topK))) return [];
      const model = {
        ...modelNamed("qwen3-30b-a3b"),
        hidden: Number(hidden),
        topK: Number(topK),
        experts: Number(experts),
      };
      const cost = of(model, hardwareNamed(device.replace("_sxm", "")));
      return [
        Math.abs(exchangeNs(cost.dispatch, Number(tokens), 1) / (Number(dispatch) * 1000) - 1),
        Math.abs(exchangeNs(cost.combine, Number(tokens), 1) / (Number(combine) * 1000) - 1),
      ];
    });

  it("is within 10 % of every measurement", () => {
    expect(rows.length).toBe(352);
    expect(Math.max(...errorsOf(linkCost, () => true))).toBeLessThan(0.1);
  });

  it("by the general rule is within 10 % on average for top-4 and more", () => {
    expect(spread(errorsOf(generalLinkCost, (topK) => topK >= 4)).mean).toBeLessThan(0.1);
  });

  it("takes as long as its busiest rank, and nothing on one GPU", () => {
    const model = modelNamed("qwen3-30b-a3b");
    const { dispatch } = linkCost(model, hardwareNamed("h200"));
    expect(exchangeNs(dispatch, 64, 2)).toBeGreaterThan(exchangeNs(dispatch, 64, 1));
    expect(exchangeNs(linkCost(model, hardwareNamed("h200", { gpus: 1 })).dispatch, 64, 2)).toBe(0);
  });
});
