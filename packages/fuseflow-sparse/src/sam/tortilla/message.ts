/** A decoded protobuf message of the `tortilla` schema: fields by name, absent where unset; repeated fields are arrays. */
export interface TortillaMessage {
  readonly [field: string]: TortillaValue | readonly TortillaValue[] | undefined;
}

/** A field's value: integers and doubles are numbers, enums their names. */
export type TortillaValue = number | boolean | string | TortillaMessage;

/** A message field, if it is set and holds a message. */
export function messageIn(message: TortillaMessage | undefined, field: string): TortillaMessage | undefined {
  const value = message?.[field];
  return typeof value === "object" && !Array.isArray(value) ? (value as TortillaMessage) : undefined;
}

/** The messages of a repeated field; none if it is unset. */
export function messagesIn(message: TortillaMessage | undefined, field: string): readonly TortillaMessage[] {
  const value = message?.[field];
  return Array.isArray(value) ? (value as readonly TortillaMessage[]) : [];
}

/** A string field; empty if it is unset. */
export function stringIn(message: TortillaMessage | undefined, field: string): string {
  const value = message?.[field];
  return typeof value === "string" ? value : "";
}

/** A number field; 0 if it is unset. */
export function numberIn(message: TortillaMessage | undefined, field: string): number {
  const value = message?.[field];
  return typeof value === "number" ? value : 0;
}

/** The values of a field in any case as a list: one for a singular field that is set. */
export function valuesOf(message: TortillaMessage, field: string): readonly TortillaValue[] {
  const value = message[field];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly TortillaValue[]) : [value as TortillaValue];
}
