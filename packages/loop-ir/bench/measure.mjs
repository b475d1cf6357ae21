/** CPU nanoseconds of one call of `body`: the least of several rounds of at least 20 ms each. */
export function cpuNanoseconds(body, rounds = 7) {
  body();
  let calls = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; ) {
    const start = process.cpuUsage();
    for (let call = 0; call < calls; call++) body();
    const { user, system } = process.cpuUsage(start);
    const spent = (user + system) * 1000;
    if (spent < 20e6) {
      calls *= 2;
      continue;
    }
    least = Math.min(least, spent / calls);
    round++;
  }
  return least;
}

/** Prints aligned columns. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) console.log(row.map((cell, column) => String(cell).padEnd(widths[column])).join("  "));
}
