// Writes `.reports/counts.json`: how many tests passed, failed and were skipped in this package.
import { mkdirSync, writeFileSync } from "node:fs";

export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state in counts) counts[state] += 1;
      }
    }
    mkdirSync(".reports", { recursive: true });
    writeFileSync(".reports/counts.json", `${JSON.stringify(counts)}\n`);
  }
}
