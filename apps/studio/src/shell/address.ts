/** The page's state in its address: which run and view, and what the panel remembers, so that a link shows the same. */
import { useCallback, useEffect, useState } from "preact/hooks";

/** The state in a hash: `#run=out%2Ftour&view=graph&select=n3`. */
export type Address = ReadonlyMap<string, string>;

/** What stays when another view is opened. */
const LASTING = new Set(["theme"]);

/** Reads a hash; unknown keys are kept, of two equal ones the last counts. */
export function parseAddress(hash: string): Address {
  return new Map(new URLSearchParams(hash.replace(/^#/, "")));
}

/** The hash of a state. */
export function printAddress(address: Address): string {
  const text = new URLSearchParams([...address]).toString();
  return text === "" ? "" : `#${text}`;
}

/** The state after some keys changed; `undefined` takes a key away. */
export function changed(address: Address, changes: Readonly<Record<string, string | undefined>>): Address {
  const next = new Map(address);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

const CHANGED = "studio-address";

function current(): Address {
  return parseAddress(location.hash);
}

function show(address: Address, entry: "pushState" | "replaceState"): void {
  history[entry](null, "", printAddress(address) || location.pathname + location.search);
  dispatchEvent(new Event(CHANGED));
}

/** Goes to another place, as a step that the browser's back button undoes; what panels remembered is dropped. */
export function go(place: Readonly<Record<string, string | undefined>>): void {
  const lasting = new Map([...current()].filter(([key]) => LASTING.has(key)));
  show(changed(lasting, place), "pushState");
}

/** Changes what is remembered at this place. */
export function remember(changes: Readonly<Record<string, string | undefined>>): void {
  show(changed(current(), changes), "replaceState");
}

/** The address, now and whenever it changes. */
export function useAddress(): Address {
  const [address, setAddress] = useState(current);
  useEffect(() => {
    const follow = () => setAddress(current());
    for (const event of [CHANGED, "popstate", "hashchange"]) addEventListener(event, follow);
    return () => {
      for (const event of [CHANGED, "popstate", "hashchange"]) removeEventListener(event, follow);
    };
  }, []);
  return address;
}

/** One remembered text of the panel that is shown; `initial` while the address has none. */
export function useRemembered(key: string, initial: string): [string, (value: string) => void] {
  const value = useAddress().get(key) ?? initial;
  const set = useCallback((next: string) => remember({ [key]: next === initial ? undefined : next }), [key, initial]);
  return [value, set];
}
