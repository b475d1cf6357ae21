// Runs the jobs of the tests: squares a number, or does what a task says that a job must not do.
export default async function run({ task, input }) {
  if (task.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, task.pauseMs));
  if (input.fail === "throw") throw new Error("it was told to fail");
  if (input.fail === "exit") process.exit(3);
  if (input.fail === "hang") for (;;);
  if (input.fail === "function") return () => 1;
  return { square: input.x * input.x };
}
