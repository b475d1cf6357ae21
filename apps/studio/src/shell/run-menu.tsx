import { useEffect, useRef } from "preact/hooks";
import type { ListedRun, RunList } from "../run/run-list.ts";
import { printAddress } from "./address.ts";

/** The place of a view in the address. */
export function placeOf(run: ListedRun, view: string): Readonly<Record<string, string>> {
  return { run: run.name, view };
}

interface RunMenuProps {
  readonly list: RunList;
  readonly run: ListedRun | undefined;
  readonly view: string | undefined;
}

/** All runs, with the views of the one that is shown. */
export function RunMenu({ list, run, view }: RunMenuProps) {
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the menu is a strip: what is shown stays in it.
  useEffect(() => {
    nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [run?.name, view]);
  return (
    <nav class="runs" aria-label="Runs" ref={nav}>
      <ul>
        {list.runs.map((each) => (
          <li key={each.name}>
            <a class="run" href={linkTo(each, each.record.views[0]?.id ?? "")} aria-current={each === run && "true"}>
              <b>{each.record.title}</b>
              <small>{each.name}</small>
            </a>
            {each === run && (
              <ul>
                {each.record.views.map(({ id, title }) => (
                  <li key={id}>
                    <a class="view" href={linkTo(each, id)} aria-current={id === view && "page"}>
                      {title}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
        {list.broken.map(({ name, fault }) => (
          <li key={name} class="broken" title={fault}>
            <span class="run">
              <b>{name}</b>
              <small>{fault}</small>
            </span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function linkTo(run: ListedRun, view: string): string {
  return printAddress(new Map(Object.entries(placeOf(run, view))));
}
