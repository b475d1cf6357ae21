/** Processes by name: the number alone comes again, in a container at every start. */
import { readFileSync } from "node:fs";

/** A running process: its number and, where the system says it, the tick at which it started. */
export function processNamed(pid: number): string {
  return `${pid} ${startOf(pid)}`.trimEnd();
}

/** Whether the process of this name still runs; a text that names none does not. */
export function runs(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const start = name.split(" ")[1] ?? "";
  return start === "" || start === startOf(pid);
}

/** Field 22 of proc_pid_stat(5), counted from behind the name of the program, which may have spaces; empty where there is none. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
