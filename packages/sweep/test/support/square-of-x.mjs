// What the example of the README runs.
export default ({ input }) => ({ square: input.x * input.x });
