const bits = new Float32Array(1);
const words = new Uint32Array(bits.buffer);

/** A text for arrays of numbers, equal if they are equal in single precision: two 32-bit hashes of all of them. */
export function hashNumbers(parts: readonly Float64Array[]): string {
  let [first, second] = [0x811c9dc5, 0x9e3779b9];
  for (const numbers of parts) {
    for (let i = 0; i < numbers.length; i++) {
      // Both zeros are one number here.
      bits[0] = numbers[i]! + 0;
      first = Math.imul(first ^ words[0]!, 0x01000193);
      second = Math.imul(second ^ (words[0]! + i), 0x85ebca6b);
      second ^= second >>> 15;
    }
    second ^= numbers.length;
  }
  return `${(first >>> 0).toString(36)}.${(second >>> 0).toString(36)}`;
}
