import { useEffect, useRef } from "preact/hooks";
import { heardKeys } from "./keys.ts";

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};

/** The list of keys that are heard now. */
export function KeyOverlay({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-label="Keys" onClose={close}>
      <form method="dialog">
        <button type="submit" aria-label="Close">
          Close
        </button>
      </form>
      {heardKeys().map(({ title, bindings }) => (
        <section key={title}>
          <h2>{title}</h2>
          <dl>
            {bindings.map(({ key, does }) => (
              <div key={key}>
                <dt>
                  <kbd>{SHOWN[key] ?? key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  );
}
