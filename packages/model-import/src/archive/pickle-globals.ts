/** The names that a pickle of tensors may use, and what calling them gives. */
import type { Dtype } from "../graph/dtype.ts";

/** What an unpickled value is made of. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledGlobal
  | PickledCall
  | PickledTensor;

const storageDtypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: "f64",
  FloatStorage: "f32",
  HalfStorage: "f16",
  BFloat16Storage: "bf16",
  LongStorage: "i64",
  IntStorage: "i32",
  ShortStorage: "i16",
  CharStorage: "i8",
  ByteStorage: "u8",
  BoolStorage: "bool",
};

const dtypes: Readonly<Record<string, Dtype>> = {
  float64: "f64",
  float32: "f32",
  float16: "f16",
  bfloat16: "bf16",
  int64: "i64",
  int32: "i32",
  int16: "i16",
  int8: "i8",
  uint8: "u8",
  bool: "bool",
};

const callable = new Set([
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._tensor._rebuild_from_type_v2",
  "collections.OrderedDict",
  "torch.Size",
]);
const named = new Set(["torch.nn.parameter.Parameter", "torch.Tensor", "torch.storage.UntypedStorage"]);

/** A name that stands for a function, a storage type or a dtype. */
export class PickledGlobal {
  readonly name: string;
  /** The element type that the name stands for, if it does. */
  readonly dtype: Dtype | undefined;

  private constructor(name: string, dtype: Dtype | undefined) {
    this.name = name;
    this.dtype = dtype;
  }

  /** The global of a dotted name, or `undefined` if a pickle of tensors does not use it. */
  static of(name: string): PickledGlobal | undefined {
    const short = name.startsWith("torch.") ? name.slice("torch.".length) : "";
    const storage = Object.hasOwn(storageDtypes, short) ? storageDtypes[short] : undefined;
    const dtype = Object.hasOwn(dtypes, short) ? dtypes[short] : undefined;
    if (storage === undefined && dtype === undefined && !callable.has(name) && !named.has(name)) return undefined;
    return new PickledGlobal(name, storage ?? dtype);
  }
}

/** A reference to a storage outside the pickle: `("storage", type, key, device, elements)`. */
export class PickledCall {
  readonly name: string;
  readonly items: readonly Pickled[];

  constructor(name: string, items: readonly Pickled[]) {
    this.name = name;
    this.items = items;
  }
}

/** A tensor whose elements lie in the storage `key`. */
export class PickledTensor {
  readonly dtype: Dtype;
  readonly key: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(parts: Pick<PickledTensor, "dtype" | "key" | "offset" | "shape" | "strides">) {
    this.dtype = parts.dtype;
    this.key = parts.key;
    this.offset = parts.offset;
    this.shape = parts.shape;
    this.strides = parts.strides;
  }
}

/** What calling a global gives, or `undefined` if it cannot be called so. */
export function callGlobal(global: PickledGlobal, items: readonly Pickled[]): Pickled | undefined {
  switch (global.name) {
    case "collections.OrderedDict":
      return new Map();
    case "torch.Size":
      return (items[0] as Pickled[] | undefined) ?? [];
    case "torch._utils._rebuild_parameter":
      return items[0];
    case "torch._utils._rebuild_tensor_v2":
      return tensorOf(items, undefined);
    case "torch._utils._rebuild_tensor_v3":
      return tensorOf(items, items[6] instanceof PickledGlobal ? items[6].dtype : undefined);
    case "torch._tensor._rebuild_from_type_v2": {
      const [callee, , inner] = items;
      return callee instanceof PickledGlobal && Array.isArray(inner) ? callGlobal(callee, inner) : undefined;
    }
    default:
      return undefined;
  }
}

function tensorOf(items: readonly Pickled[], declared: Dtype | undefined): PickledTensor | undefined {
  const [storage, offset, shape, strides] = items;
  const reference = storage instanceof PickledCall ? storage.items[0] : undefined;
  if (!Array.isArray(reference)) return undefined;
  const [, type, key] = reference;
  const dtype = declared ?? (type instanceof PickledGlobal ? type.dtype : undefined);
  if (dtype === undefined || typeof key !== "string" || typeof offset !== "number") return undefined;
  if (!isIntegers(shape) || !isIntegers(strides) || shape.length !== strides.length) return undefined;
  return new PickledTensor({ dtype, key, offset, shape, strides });
}

function isIntegers(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
