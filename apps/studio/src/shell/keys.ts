/** Keys: each part of the page says which it hears while it is shown; one overlay lists them all. */
import { useEffect, useRef } from "preact/hooks";

/** A key and what it does. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has it: `?`, `ArrowLeft`, `n`. */
  readonly key: string;
  readonly does: string;
  run(): void;
}

/** Keys of one part of the page. */
export interface KeyGroup {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

const groups: { readonly current: KeyGroup }[] = [];

/** What is heard now, the outermost part first. */
export function heardKeys(): readonly KeyGroup[] {
  return groups.map(({ current }) => current);
}

/** Hears keys while the calling component is shown; of two parts that name one key, the inner one hears it. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const group = useRef<KeyGroup>({ title, bindings });
  group.current = { title, bindings };
  useEffect(() => {
    groups.push(group);
    return () => {
      groups.splice(groups.indexOf(group), 1);
    };
  }, []);
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Passes one key event to the part that hears it; keys that go into a field, and those with Ctrl, Alt or Meta, are left alone. */
export function hear(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  // An open dialog has the keys to itself: Escape closes it.
  if (document.querySelector("dialog[open]") !== null) return;
  if (typing(event.target)) {
    if (event.key === "Escape") (event.target as HTMLElement).blur();
    return;
  }
  for (const { current } of [...groups].reverse()) {
    const binding = current.bindings.find(({ key }) => key === event.key);
    if (binding === undefined) continue;
    event.preventDefault();
    binding.run();
    return;
  }
}
