/**
 * Field layouts of the `tortilla` protobuf schema, which Comal loads, in the three versions that graph files are found in.
 *
 * A row is `number name type`; a `*` behind the type marks a repeated field. Types are scalars, the enums below, or messages.
 * `newest` is the layout of the FuseFlow artifact; the others are named after commits of the schema's repository. Where no file
 * of an older version is known to use a message, its row is that of the nearest version whose text is public.
 */

/** Which layout a file has. */
export type TortillaVersion = "newest" | "6daaa11" | "45d1855";

/** The versions in the order in which a reader tries them. */
export const tortillaVersions: readonly TortillaVersion[] = ["newest", "6daaa11", "45d1855"];

/** One field of a message. */
export interface TortillaField {
  readonly number: number;
  readonly name: string;
  /** A scalar, the name of an enum or the name of a message. */
  readonly type: string;
  readonly repeated: boolean;
}

/** One message: its fields by number (rising) and by name. */
export interface TortillaMessageType {
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, TortillaField>;
  readonly byName: ReadonlyMap<string, TortillaField>;
}

/** All messages of one version. The root is `ComalGraph`. No message contains itself, so nesting is bounded. */
export type TortillaSchema = ReadonlyMap<string, TortillaMessageType>;

/** Names of enum values; the position is the number. */
export const tortillaEnums: Readonly<Record<string, readonly string[]>> = {
  JoinType: ["INTERSECT", "UNION"],
  ReduceType: ["ADD", "MAX", "ADDSUM"],
  AluOp: [
    ...["ADD", "SUB", "MUL", "DIV", "EXP", "SIN", "COS", "MAX"],
    ...["SCALARADD", "SCALARMUL", "SCALARDIV", "RSQRT", "SIGMOID", "ELEMMUL"],
  ],
};

type Layout = Readonly<Record<string, readonly string[]>>;

const bundles = ["1 label string", "2 crd CrdBundle", "3 ref RefBundle", "4 val ValBundle", "5 repsig RepSigBundle"];
const joins = ["1 label string", "2 crd CrdJoin", "3 ref RefJoin", "4 val ValJoin", "5 repsig RepSigJoin"];
const coordinatePair = [
  "1 input_inner_crd Crd",
  "2 input_outer_crd Crd",
  "3 output_inner_crd Crd",
  "4 output_outer_crd Crd",
  ...["5 inner_crd string", "6 outer_crd string", "7 label string"],
];

const newest: Layout = {
  ComalGraph: ["1 name string", "2 channel_size uint64", "3 graph ProgramGraph"],
  ProgramGraph: ["1 name string", "2 operators Operation*"],
  Operation: [
    ...["1 name string", "2 id uint64", "11 root Generator", "12 joiner Joiner", "13 fiber_lookup FiberLookup"],
    ...["14 fiber_write FiberWrite", "15 repeat Repeat", "16 repeatsig RepeatSig", "17 alu Alu", "18 reduce Reduce"],
    ...["19 coord_hold CoordHold", "20 coord_mask CoordMask", "21 coord_drop CoordDrop", "22 array ArrayVals"],
    ...["23 spacc SparseAccumulator", "24 val_write ValWrite", "25 func Intrinsic", "26 broadcast Broadcast"],
    ...["27 fork Fork", "28 join Join", "29 gen_ref GenRef", "30 locate Locate"],
  ],
  StreamId: ["1 id uint64"],
  Crd: ["1 id StreamId", "2 name string"],
  Ref: ["1 id StreamId", "2 name string"],
  Val: ["1 id StreamId", "2 name string"],
  RepSig: ["1 id StreamId", "2 name string"],
  Generator: ["1 label string", "2 tensor string", "3 output_ref Ref"],
  Payload: ["1 ref_stream Ref", "2 val_stream Val"],
  JoinBundle: ["1 crd Crd", "2 in_ref Payload"],
  Joiner: [
    ...["1 join_type JoinType", "2 input_pairs JoinBundle*", "3 index string", "4 label string"],
    ...["5 output_refs Payload*", "6 output_crd Crd"],
  ],
  FiberLookup: [
    ...["2 input_ref Ref", "3 output_ref Ref", "4 output_crd Crd", "5 index string", "6 tensor string"],
    ...["7 mode uint64", "8 format string", "9 src bool", "10 root bool", "11 label string"],
  ],
  FiberWrite: [
    ...["1 ref bool", "2 input_crd Crd", "3 index string", "4 tensor string", "5 mode_val string", "6 format string"],
    ...["7 segsize string", "8 crdsize string", "9 size string", "10 sink bool", "11 label string"],
  ],
  Repeat: [
    ...["1 in_ref Ref", "2 in_val Val", "3 out_ref Ref", "4 out_val Val", "5 rep_ref Ref", "6 rep_val Val"],
    ...["7 label string", "8 index string", "9 root bool", "10 tensor string"],
  ],
  RepeatSig: ["1 input_crd Crd", "2 output_rep_sig RepSig", "3 label string", "4 index string"],
  Alu: [
    ...["1 vals AluVal", "2 crds AluCrd", "3 stages AluStage*", "4 output_val uint64", "5 label string"],
    ...["6 stream_shape uint64", "7 blocked bool", "8 scalar double"],
  ],
  AluVal: ["1 inputs Val*", "2 output Val"],
  AluCrd: ["1 inputs Crd*", "2 output Crd"],
  AluStage: ["1 inputs uint64*", "2 output uint64", "3 op AluOp"],
  Reduce: [
    ...["1 input_val Val", "2 output_val Val", "3 label string", "4 stream_shape uint64", "5 blocked bool"],
    "6 reduce_type ReduceType",
  ],
  CoordHold: coordinatePair,
  CoordDrop: coordinatePair,
  CoordMask: [
    ...["1 input_inner_crd Crd", "2 input_outer_crd Crd", "3 input_ref Ref"],
    ...["4 output_inner_crd Crd", "5 output_outer_crd Crd", "6 output_ref Ref"],
  ],
  ArrayVals: [
    ...["1 tensor string", "2 input_ref Ref", "3 output_val Val", "4 label string", "5 stream_shape uint64"],
    "6 blocked bool",
  ],
  SparseAccumulator: [
    ...["1 input_inner_crd Crd", "2 output_inner_crd Crd", "3 input_outer_crds Crd*", "4 input_val Val"],
    ...["5 output_val Val", "6 order uint64", "7 inner_crd string", "8 outer_crds string*", "9 label string"],
    ...["10 output_outer_crds Crd*", "11 stream_shape uint64", "12 blocked bool"],
  ],
  ValWrite: [
    ...["1 input_val Val", "2 label string", "3 crdsize string", "4 segsize string", "5 tensor string", "6 sink bool"],
  ],
  Intrinsic: ["1 name string", "2 input_val Val", "3 inputs Crd*", "4 output_val Val", "5 outputs Crd*"],
  Broadcast: bundles,
  Fork: bundles,
  Join: joins,
  CrdBundle: ["1 input Crd", "2 outputs Crd*"],
  RefBundle: ["1 input Ref", "2 outputs Ref*"],
  ValBundle: ["1 input Val", "2 outputs Val*"],
  RepSigBundle: ["1 input RepSig", "2 outputs RepSig*"],
  CrdJoin: ["1 output Crd", "2 inputs Crd*"],
  RefJoin: ["1 output Ref", "2 inputs Ref*"],
  ValJoin: ["1 output Val", "2 inputs Val*"],
  RepSigJoin: ["1 output RepSig", "2 inputs RepSig*"],
  GenRef: ["1 input_crd Val", "2 output_ref Val", "3 label string"],
  Locate: [
    ...["1 input_crd Crd", "2 input_ref Ref", "3 output_ref1 Ref", "4 output_ref2 Ref", "5 output_crd Crd"],
    "6 label string",
  ],
};

const oldRepeat = [
  ...["1 input_ref Ref", "2 output_ref Ref", "3 input_rep_sig RepSig", "4 label string", "5 index string"],
  ...["6 root bool", "7 tensor string"],
];

/** References into a join are plain, a reduction only adds, and a repeat names its shaping reference in a field of its own. */
const layout6daaa11: Layout = {
  ...newest,
  JoinBundle: ["1 crd Crd", "3 ref Ref"],
  Joiner: [
    ...["1 join_type JoinType", "2 input_pairs JoinBundle*", "3 index string", "4 label string"],
    ...["5 output_refs Ref*", "6 output_crd Crd"],
  ],
  Repeat: [...oldRepeat, "8 input_rep_ref Ref"],
  Alu: newest.Alu?.slice(0, 5) ?? [],
  Reduce: newest.Reduce?.slice(0, 3) ?? [],
  ArrayVals: newest.ArrayVals?.slice(0, 4) ?? [],
  SparseAccumulator: newest.SparseAccumulator?.slice(0, 10) ?? [],
};

/** Joins have two operands, repeat signals are streams of their own, and there is no generator: its field is the broadcast. */
const layout45d1855: Layout = {
  ...layout6daaa11,
  Operation: [
    "1 name string",
    "2 id uint64",
    "11 broadcast Broadcast",
    ...(newest.Operation ?? []).filter((row) => {
      const number = Number.parseInt(row, 10);
      return number > 11 && number < 25;
    }),
  ],
  Joiner: [
    ...["1 join_type JoinType", "2 input_pairs JoinBundle*", "3 index string", "4 label string"],
    ...["5 output_ref1 Ref", "6 output_ref2 Ref", "7 output_crd Crd"],
  ],
  Repeat: oldRepeat,
  SparseAccumulator: [
    ...["1 input_inner_crd Crd", "2 output_inner_crd Crd", "3 input_outer_crd Crd", "4 input_val Val"],
    ...["5 output_val Val", "6 order uint64", "7 inner_crd string", "8 outer_crd string*", "9 label string"],
  ],
};

/** The messages of a version. */
export function tortillaSchema(version: TortillaVersion): TortillaSchema {
  return schemas[version];
}

const schemas: Readonly<Record<TortillaVersion, TortillaSchema>> = {
  newest: compile(newest),
  "6daaa11": compile(layout6daaa11),
  "45d1855": compile(layout45d1855),
};

function compile(layout: Layout): TortillaSchema {
  return new Map(
    Object.entries(layout).map(([name, rows]) => {
      const fields = rows.map(compileField);
      const byNumber = new Map(fields.map((field) => [field.number, field]));
      return [name, { name, byNumber, byName: new Map(fields.map((field) => [field.name, field])) }];
    }),
  );
}

function compileField(row: string): TortillaField {
  const [number = "", name = "", type = ""] = row.split(" ");
  const repeated = type.endsWith("*");
  return { number: Number(number), name, type: repeated ? type.slice(0, -1) : type, repeated };
}
