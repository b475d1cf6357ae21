/** Light or dark: as the reader's system has it, unless they chose; a choice goes with the link. */
import { useEffect } from "preact/hooks";
import { useRemembered } from "./address.ts";

const NEXT: Readonly<Record<string, string>> = { system: "light", light: "dark", dark: "system" };

/** The chosen theme and how to get to the next one. */
export function useTheme(): { readonly theme: string; readonly turn: () => void } {
  const [theme, setTheme] = useRemembered("theme", "system");
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === "light" || theme === "dark") dataset.theme = theme;
    else delete dataset.theme;
  }, [theme]);
  return { theme, turn: () => setTheme(NEXT[theme] ?? "system") };
}
