/** Where the page begins. */
import { render } from "preact";
import { Studio } from "./shell/studio.tsx";
import "./shell/style.css";
import { sourceOf } from "./source/source.ts";

render(<Studio source={sourceOf(document)} />, document.getElementById("studio")!);
