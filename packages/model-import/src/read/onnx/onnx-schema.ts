/** The messages of ONNX that are read, by field number. */
import { type MessageSchema, schema } from "../../archive/protobuf.ts";

const entry: MessageSchema = schema("1 key string; 2 value string");
const dimension: MessageSchema = schema("1 value int; 2 param string");
const shape: MessageSchema = schema("1 dim dimension*", { dimension: () => dimension });
const tensorType: MessageSchema = schema("1 elementType int; 2 shape shape", { shape: () => shape });
const sequenceType: MessageSchema = schema("1 element type", { type: () => type });
const type: MessageSchema = schema(
  "1 tensor tensorType; 4 sequence sequenceType; 9 optional sequenceType; 8 sparse tensorType",
  {
    tensorType: () => tensorType,
    sequenceType: () => sequenceType,
  },
);
const valueInfo: MessageSchema = schema("1 name string; 2 type type", { type: () => type });

/** TensorProto. */
export const tensorSchema: MessageSchema = schema(
  "1 dims int*; 2 dataType int; 4 floats float*; 5 int32s int*; 6 strings bytes*; 7 int64s int*; 8 name string; 9 raw bytes; 10 doubles double*; 11 uint64s int*; 13 external entry*; 14 location int",
  { entry: () => entry },
);
const sparseTensor: MessageSchema = schema("1 values tensor; 2 indices tensor; 3 dims int*", {
  tensor: () => tensorSchema,
});
const attribute: MessageSchema = schema(
  "1 name string; 2 f float; 3 i int; 4 s string; 5 t tensor; 6 g graph; 7 floats float*; 8 ints int*; 9 strings string*; 10 tensors tensor*; 11 graphs graph*; 20 type int; 21 reference string; 22 sparse sparseTensor",
  { tensor: () => tensorSchema, graph: () => graph, sparseTensor: () => sparseTensor },
);
const node: MessageSchema = schema(
  "1 input string*; 2 output string*; 3 name string; 4 opType string; 5 attribute attribute*; 7 domain string",
  {
    attribute: () => attribute,
  },
);
const graph: MessageSchema = schema(
  "1 node node*; 2 name string; 5 initializer tensor*; 11 input valueInfo*; 12 output valueInfo*; 13 valueInfo valueInfo*; 15 sparseInitializer sparseTensor*",
  { node: () => node, tensor: () => tensorSchema, valueInfo: () => valueInfo, sparseTensor: () => sparseTensor },
);
const opset: MessageSchema = schema("1 domain string; 2 version int");

/** ModelProto. */
export const modelSchema: MessageSchema = schema(
  "1 irVersion int; 2 producerName string; 3 producerVersion string; 7 graph graph; 8 opset opset*; 25 function function*",
  { graph: () => graph, opset: () => opset, function: () => functionSchema },
);
const functionSchema: MessageSchema = schema("1 name string; 10 domain string");
