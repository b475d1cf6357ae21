/**
 * The counters of a channel under the names and with the meanings of the reference programs.
 */
import type { DramChannel } from "../engine/channel.ts";

/** Counters after the ticks run so far, by their original names. */
export function originalCounters(channel: DramChannel): Record<string, number> {
  const { counters, clk, pending, reads, writes, maintenance, spec, options } = channel;
  pending.settle(clk);
  const readTicks = reads.ticks + reads.size * clk;
  const writeTicks = writes.ticks + writes.size * clk;
  const pendingTicks = pending.ticks + pending.size * clk;
  const maintenanceTicks = counters.maintenanceTicks + maintenance.size * clk;
  const rows = {
    row_hits: counters.readHits + counters.writeHits,
    row_misses: counters.readMisses + counters.writeMisses,
    row_conflicts: counters.readConflicts + counters.writeConflicts,
    read_row_hits: counters.readHits,
    read_row_misses: counters.readMisses,
    read_row_conflicts: counters.readConflicts,
    write_row_hits: counters.writeHits,
    write_row_misses: counters.writeMisses,
    write_row_conflicts: counters.writeConflicts,
    num_read_reqs: counters.readRequests,
    num_write_reqs: counters.writeRequests,
    write_queue_len: writeTicks,
    priority_queue_len: maintenanceTicks,
    read_latency: pending.countedLatency,
  };
  if (spec.profile === "r20") {
    return {
      ...rows,
      num_other_reqs: 0,
      ...(options.rowPolicy === "closed" ? { num_close_reqs: counters.closeRequests } : {}),
      queue_len: readTicks + writeTicks + maintenanceTicks + pendingTicks,
      read_queue_len: readTicks + pendingTicks,
      avg_read_latency: pending.countedLatency / counters.readRequests,
    };
  }
  return {
    ...rows,
    cycles: clk,
    num_maintenance_reqs: counters.maintenanceRequests,
    num_read_reqs_served: counters.readsServed,
    num_write_reqs_served: counters.writesServed,
    num_maintenance_reqs_served: counters.maintenanceServed,
    num_read_reqs_forwarded: counters.forwarded,
    num_write_reqs_coalesced: counters.coalesced,
    queue_len: readTicks + writeTicks + maintenanceTicks,
    read_queue_len: readTicks,
  };
}
