/** Colours for canvases: what names of the style sheet come to in the theme that is shown. */
import { useEffect, useState } from "preact/hooks";

/** Names of series colours, used over and over. */
export const seriesNames: readonly string[] = Array.from({ length: 10 }, (_, at) => `--series-${at}`);

const names = ["--ink", "--soft", "--line", "--ground", "--accent", "--busy", "--starved", "--blocked", ...seriesNames];

/** A colour for each name. */
export type Inks = ReadonlyMap<string, string>;

/** The colours, now and after the theme changes. */
export function useInks(): Inks {
  const [inks, setInks] = useState(currentInks);
  useEffect(() => {
    const look = () => setInks(currentInks());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", look);
    const chosen = new MutationObserver(look);
    chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    look();
    return () => {
      dark.removeEventListener("change", look);
      chosen.disconnect();
    };
  }, []);
  return inks;
}

// A custom property may be of the form light-dark(a, b); as the colour of an element it is one of the two.
function currentInks(): Inks {
  const probe = document.body.appendChild(document.createElement("span"));
  const inks = new Map(
    names.map((name) => {
      probe.style.color = `var(${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return inks;
}
