export { default } from "@millrace/vitest";
