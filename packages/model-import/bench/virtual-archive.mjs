// Zip archives larger than memory: what stands in them is made when it is read.

const text = new TextEncoder();

/** A record of a zip archive: fields of two or four bytes at their places. */
function zipRecord(size, fields) {
  const view = new DataView(new ArrayBuffer(size));
  for (const [at, bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
  }
  return new Uint8Array(view.buffer);
}

/** An archive of stored members as a source that counts what is read; members given as a size are zeros that exist nowhere. */
export function virtualArchive(members) {
  const pieces = [];
  const directory = [];
  let size = 0;
  const push = (bytes, length = bytes.length) => {
    pieces.push({ start: size, bytes });
    size += length;
  };
  const none = new Uint8Array(0);
  for (const [name, content] of members) {
    const label = text.encode(name);
    const length = typeof content === "number" ? content : content.length;
    const start = size;
    push(
      zipRecord(30, [
        [0, 4, 0x04034b50],
        [18, 4, length],
        [22, 4, length],
        [26, 2, label.length],
      ]),
    );
    push(label);
    push(typeof content === "number" ? none : content, length);
    // Offsets beyond 32 bits stand in an extra field.
    const extra = zipRecord(12, [
      [0, 2, 1],
      [2, 2, 8],
      [4, 8, start],
    ]);
    directory.push(
      zipRecord(46, [
        [0, 4, 0x02014b50],
        [20, 4, length],
        [24, 4, length],
        [28, 2, label.length],
        [30, 2, extra.length],
        [42, 4, 0xffffffff],
      ]),
      label,
      extra,
    );
  }
  const start = size;
  for (const bytes of directory) push(bytes);
  const length = size - start;
  const end = size;
  const count = members.length;
  push(
    zipRecord(56, [
      [0, 4, 0x06064b50],
      [4, 8, 44],
      [24, 8, count],
      [32, 8, count],
      [40, 8, length],
      [48, 8, start],
    ]),
  );
  push(
    zipRecord(20, [
      [0, 4, 0x07064b50],
      [8, 8, end],
      [16, 4, 1],
    ]),
  );
  push(
    zipRecord(22, [
      [0, 4, 0x06054b50],
      [8, 2, 0xffff],
      [10, 2, 0xffff],
      [12, 4, 0xffffffff],
      [16, 4, 0xffffffff],
    ]),
  );
  let total = 0;
  const read = (offset, wanted) => {
    total += wanted;
    const result = new Uint8Array(wanted);
    for (let at = firstAt(pieces, offset); at < pieces.length && pieces[at].start < offset + wanted; at++) {
      const { start: from, bytes } = pieces[at];
      const [low, high] = [Math.max(offset, from), Math.min(offset + wanted, from + bytes.length)];
      if (low < high) result.set(bytes.subarray(low - from, high - from), low - offset);
    }
    return result;
  };
  return { source: { size, read }, total: () => total };
}

/** The last piece that starts at `offset` or before. */
function firstAt(pieces, offset) {
  let [low, high] = [0, pieces.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (pieces[middle].start <= offset) low = middle;
    else high = middle;
  }
  return low;
}
