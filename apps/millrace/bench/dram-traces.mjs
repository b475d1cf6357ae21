// Traces of the benchmark: the generator behind the recorded figures, and the public stream.

function xorshift32(seed) {
  let x = seed >>> 0;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x;
  };
}

/** Requests of a pattern: address, write, arrival. */
export function generateTrace({ pattern, n, gran, seed = 1, writePermille = 0, meanGap = 0, rowStrideBytes = 0 }) {
  const span = 2 ** 30;
  const next = xorshift32(seed);
  const gap = xorshift32(1);
  const addresses = {
    seq: (i) => (i * gran) % span,
    random: () => (next() % (span / gran)) * gran,
    conflict: (i) => (i * rowStrideBytes) % span,
  };
  let arrival = 0;
  return Array.from({ length: n }, (_, i) => {
    if (meanGap > 0) arrival += gap() % (2 * meanGap + 1);
    const address = addresses[pattern](i);
    return { address, write: writePermille > 0 && next() % 1000 < writePermille, arrival };
  });
}

/** The lines of a trace. */
export function bytesOf(requests, timed) {
  const line = ({ address, write, arrival }) => {
    const hex = address.toString(16);
    return timed ? `${arrival} ${write ? "W" : "R"} 0x${hex}\n` : `${write ? "ST" : "LD"} 0x${hex}\n`;
  };
  return new TextEncoder().encode(requests.map(line).join(""));
}

/** Five million requests whose result users published: a fifth are writes, drawn by Python's generator from seed 0. */
export function publicStream() {
  const draw = mersenneTwister(19650218, [0]);
  let address = 0;
  return Array.from({ length: 5e6 }, () => {
    address = (address + 64) % 2 ** 30;
    const write = ((draw() >>> 5) * 67108864 + (draw() >>> 6)) / 9007199254740992 >= 0.8;
    return { address, write, arrival: 0 };
  });
}

/** MT19937 with the initialisation by key that Python uses. */
function mersenneTwister(seed, key) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  let i = 1;
  for (let k = 0; k < 624; k++) {
    const mixed = Math.imul(1664525, state[i - 1] ^ (state[i - 1] >>> 30));
    state[i] = (state[i] ^ mixed) + key[k % key.length] + (k % key.length);
    i += 1;
    if (i === 624) {
      state[0] = state[623];
      i = 1;
    }
  }
  for (let k = 0; k < 623; k++) {
    state[i] = (state[i] ^ Math.imul(1566083941, state[i - 1] ^ (state[i - 1] >>> 30))) - i;
    i += 1;
    if (i === 624) {
      state[0] = state[623];
      i = 1;
    }
  }
  state[0] = 0x80000000;
  let index = 624;
  return () => {
    if (index === 624) {
      for (let k = 0; k < 624; k++) {
        const y = (state[k] & 0x80000000) | (state[(k + 1) % 624] & 0x7fffffff);
        state[k] = state[(k + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      index = 0;
    }
    let y = state[index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}
