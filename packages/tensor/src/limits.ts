/** Largest extent of a mode: coordinates are kept as int32. */
export const maximumExtent: number = 2 ** 31 - 1;

/** Most modes of a tensor: more than any in the field has, and a bound on the depth of a walk over levels. */
export const maximumOrder = 64;
