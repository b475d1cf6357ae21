/** Options that are one number, one word or one text. */
import { faultOf } from "../../cli/fault.ts";
import { alternatives } from "../../terminal/wording.ts";
import { meant } from "../read/written-value.ts";
import { type OptionShape, refuseOther } from "./option-shape.ts";

/** An integer between bounds. */
export function integer(
  brief: string,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number },
): OptionShape<number> {
  const expects = `an integer from ${least} to ${most}`;
  return {
    brief,
    expects,
    fallback: { value: fallback },
    read(written) {
      const { scalar } = written;
      const right = typeof scalar === "number" && Number.isInteger(scalar) && scalar >= least && scalar <= most;
      return right ? scalar : refuseOther(written, expects);
    },
  };
}

/** One of some words; required unless one is the fallback. */
export function choice<Word extends string>(brief: string, words: readonly Word[], fallback?: Word): OptionShape<Word> {
  const expects = words.length > 8 ? `one of ${words.length} names` : alternatives(words);
  return {
    brief,
    expects,
    fallback: fallback === undefined ? "required" : { value: fallback },
    read(written) {
      const { text } = written;
      const word = words.find((each) => each === text);
      if (word !== undefined) return word;
      if (text === undefined) return refuseOther(written, expects);
      return written.refuse(`expected ${expects}, not "${text}"`, meant(text, words, `known are ${words.join(", ")}`));
    },
  };
}

/** A text; `parse` may refuse it by throwing an error, whose message and help are reported. Required unless there is a fallback. */
export function text(
  brief: string,
  expects: string,
  { parse, fallback }: { readonly parse?: (text: string) => unknown; readonly fallback?: string } = {},
): OptionShape<string> {
  return {
    brief,
    expects,
    fallback: fallback === undefined ? "required" : { value: fallback },
    read(written) {
      const found = written.text;
      if (found === undefined || found === "") return refuseOther(written, expects);
      try {
        parse?.(found);
        return found;
      } catch (cause) {
        return written.refuse((cause as Error).message, helpOf(cause));
      }
    },
  };
}

/** A list of names, each of which `parse` may refuse by throwing an error; a single name is a list of one. */
export function names(
  brief: string,
  expects: string,
  { parse, fallback }: { readonly parse: (text: string) => unknown; readonly fallback: readonly string[] },
): OptionShape<readonly string[]> {
  return {
    brief,
    expects,
    fallback: { value: fallback },
    read(written) {
      const items = written.items ?? [written];
      const found = items.flatMap((item) => {
        const { text: name } = item;
        try {
          if (name === undefined) return refuseOther(item, expects) ?? [];
          parse(name);
          return [name];
        } catch (cause) {
          return item.refuse((cause as Error).message, helpOf(cause)) ?? [];
        }
      });
      if (items.length === 0) return refuseOther(written, expects);
      return found.length === items.length ? found : undefined;
    },
  };
}

/** What to do, where an error says it. */
export function helpOf(cause: unknown): string | undefined {
  return faultOf(cause).diagnostics[0]?.help;
}
