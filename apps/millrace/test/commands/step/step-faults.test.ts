import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { millrace } from "../../support/recording-host.ts";

const folder = new URL("faults", import.meta.url).pathname;
const programs = readdirSync(folder).filter((file) => file.endsWith(".step"));

// The first line of each program is the command that finds its fault; the file beside it is all that the command says.
test.each(programs)("%s is told in exactly these words", async (file) => {
  const [verb, ...flags] = readFileSync(`${folder}/${file}`, "utf8").split("\n", 1)[0]!.slice("// ".length).split(" ");
  const { status, stdout, stderr } = await millrace(["step", verb!, file, ...flags], { folder });
  const standstill = stdout.slice(stdout.indexOf("\ndeadlock") + 1);
  await expect(`status ${status}\n${stderr}${standstill}`).toMatchFileSnapshot(
    `faults/${file.replace(".step", ".expect")}`,
  );
});
