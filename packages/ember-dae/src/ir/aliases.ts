/** Other names of operations, which are read and printed as ours: those of the paper, and those of its published compiler. */
const aliases: Readonly<Record<string, string>> = {
  ...{ "slc.mem_str": "slc.mem_stream", "slc.alu_str": "slc.alu_stream", "slc.str_to_val": "slc.from_stream" },
  ...{ "slc.loop_tr": "slc.for", "slcv.mem_str": "slcv.mem_stream", "slcv.loop_tr": "slcv.for" },
  ...{ "slcv.buf_stream": "slcv.buffer", "slcv.vec_indvar": "slcv.indices" },
  ...{ "dlc.configure_access_engine": "dlc.access", "dlc.compute_loop": "dlc.execute", "dlc.new_tu": "dlc.tu" },
  ...{ "dlc.get_ind_var": "dlc.induction", "dlc.register_operand": "dlc.push" },
  ...{ "dlc.register_callback": "dlc.token", "dlc.pop_operand": "dlc.pop" },
};

/** The name under which an operation is known here. */
export function canonicalName(name: string): string {
  const own = name.startsWith("slcvec.") ? `slcv.${name.slice("slcvec.".length)}` : name;
  return aliases[own] ?? own;
}
