/** The messages of a TensorFlow GraphDef that are read, by field number. */
import { type MessageSchema, schema } from "../../archive/protobuf.ts";

const dim: MessageSchema = schema("1 size int; 2 name string");
const shape: MessageSchema = schema("2 dim dim*; 3 unknownRank bool", { dim: () => dim });
const tensor: MessageSchema = schema(
  "1 dtype int; 2 tensorShape shape; 4 tensorContent bytes; 13 halfVal int*; 5 floatVal float*; 6 doubleVal double*; 7 intVal int*; 8 stringVal bytes*; 10 int64Val int*; 11 boolVal bool*",
  { shape: () => shape },
);
const functionName: MessageSchema = schema("1 name string; 2 attr attr*", { attr: () => attributeEntry });
const list: MessageSchema = schema(
  "2 s bytes*; 3 i int*; 4 f float*; 5 b bool*; 6 type int*; 7 shape shape*; 8 tensor tensor*; 9 func func*",
  {
    shape: () => shape,
    tensor: () => tensor,
    func: () => functionName,
  },
);
const attributeValue: MessageSchema = schema(
  "1 list list; 2 s bytes; 3 i int; 4 f float; 5 b bool; 6 type int; 7 shape shape; 8 tensor tensor; 9 placeholder string; 10 func func",
  {
    list: () => list,
    shape: () => shape,
    tensor: () => tensor,
    func: () => functionName,
  },
);
const attributeEntry: MessageSchema = schema("1 key string; 2 value value", { value: () => attributeValue });
const node: MessageSchema = schema("1 name string; 2 op string; 3 input string*; 4 device string; 5 attr attr*", {
  attr: () => attributeEntry,
});
const versions: MessageSchema = schema("1 producer int; 2 minConsumer int");
const functionDef: MessageSchema = schema("3 nodeDef node*", { node: () => node });
const library: MessageSchema = schema("1 function function*", { function: () => functionDef });

/** GraphDef. */
export const graphDefSchema: MessageSchema = schema("1 node node*; 4 versions versions; 2 library library", {
  node: () => node,
  versions: () => versions,
  library: () => library,
});

const metaGraph: MessageSchema = schema("2 graphDef graphDef", { graphDef: () => graphDefSchema });

/** SavedModel. */
export const savedModelSchema: MessageSchema = schema("1 schemaVersion int; 2 metaGraphs metaGraph*", {
  metaGraph: () => metaGraph,
});

/** TensorFlow's types by name; a reference type (…_REF) counts as its plain one. */
export const typeNumbers: Readonly<Record<string, number>> = {
  DT_INVALID: 0,
  DT_FLOAT: 1,
  DT_DOUBLE: 2,
  DT_INT32: 3,
  DT_UINT8: 4,
  DT_INT16: 5,
  DT_INT8: 6,
  DT_STRING: 7,
  DT_COMPLEX64: 8,
  DT_INT64: 9,
  DT_BOOL: 10,
  DT_QINT8: 11,
  DT_QUINT8: 12,
  DT_QINT32: 13,
  DT_BFLOAT16: 14,
  DT_UINT16: 17,
  DT_COMPLEX128: 18,
  DT_HALF: 19,
  DT_RESOURCE: 20,
  DT_VARIANT: 21,
  DT_UINT32: 22,
  DT_UINT64: 23,
};
