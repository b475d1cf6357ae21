import { describe, expect, it } from "vitest";
import { type Diagnostic, DiagnosticBag, DiagnosticError } from "../../src/index.ts";

const error: Diagnostic = { severity: "error", code: "bad", message: "bad" };
const warning: Diagnostic = { severity: "warning", code: "odd", message: "odd" };

describe("a diagnostic bag", () => {
  it("fails by errors, not by warnings", () => {
    const bag = new DiagnosticBag();
    bag.report(warning);
    expect(bag.failed).toBe(false);
    expect(() => bag.throwIfFailed()).not.toThrow();
    bag.report(error);
    expect(bag.failed).toBe(true);
    expect(bag.diagnostics).toEqual([warning, error]);
  });

  it("throws everything reported, rendered", () => {
    const bag = new DiagnosticBag();
    bag.report(error);
    bag.report(warning);
    let thrown: unknown;
    try {
      bag.throwIfFailed();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(DiagnosticError);
    const { name, message, diagnostics } = thrown as DiagnosticError;
    expect({ name, message, diagnostics }).toEqual({
      name: "DiagnosticError",
      message: "error: bad\nwarning: odd",
      diagnostics: [error, warning],
    });
  });

  it("keeps a bounded number and says how many it left out", () => {
    const bag = new DiagnosticBag({ maximum: 3 });
    for (let i = 0; i < 10; i++) bag.report(warning);
    expect(bag.full).toBe(true);
    bag.report(error);
    expect(bag.failed).toBe(true);
    expect(bag.diagnostics).toHaveLength(4);
    expect(bag.diagnostics.at(-1)).toEqual({
      severity: "error",
      code: "too-many-diagnostics",
      message: "too many faults: 8 more are not listed",
    });
  });
});
