/** What one channel has done so far; ticks of queues and reads under way are kept by those. */
export class ChannelCounters {
  readHits = 0;
  readMisses = 0;
  readConflicts = 0;
  writeHits = 0;
  writeMisses = 0;
  writeConflicts = 0;
  /** Requests as the original counts them: attempts in `r20`, acceptances in `r21`. */
  readRequests = 0;
  writeRequests = 0;
  maintenanceRequests = 0;
  closeRequests = 0;
  /** Requests whose last command was issued. */
  readsServed = 0;
  writesServed = 0;
  maintenanceServed = 0;
  /** Reads answered from the write buffer, and writes absorbed by one that waits there. */
  forwarded = 0;
  coalesced = 0;
  /** Requests taken. */
  acceptedReads = 0;
  acceptedWrites = 0;
  /** Ticks from acceptance to the end of the data, summed over all reads taken. */
  readLatency = 0;
  /** Ticks that maintenance requests spent in their queue, less the arrivals of those that are still there. */
  maintenanceTicks = 0;
  /** Per command of the spec, how often it was issued. */
  readonly commands: Float64Array;

  constructor(commands: number) {
    this.commands = new Float64Array(commands);
  }
}
