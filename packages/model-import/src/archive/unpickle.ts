/**
 * Reads the part of Python's pickle format that `torch.save` uses for tensors in containers.
 *
 * Nothing is executed: a pickle is a program for a stack machine, and every name it may call is listed here. All others
 * are refused by name.
 */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";
import { callGlobal, type Pickled, PickledCall, PickledGlobal } from "./pickle-globals.ts";

const mostSteps = 10_000_000;
const text = new TextDecoder();

/** The value that a pickle describes. @throws {ModelError} `pickle-malformed`, `pickle-global` */
export function unpickle(bytes: Uint8Array, place: Place): Pickled {
  return new Machine(bytes, place).run();
}

const mark = Symbol("mark");

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: Place;
  readonly #stack: (Pickled | typeof mark)[] = [];
  readonly #memo = new Map<number, Pickled>();
  #at = 0;

  constructor(bytes: Uint8Array, place: Place) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#place = place;
  }

  run(): Pickled {
    for (let step = 0; step < mostSteps; step++) {
      const opcode = String.fromCharCode(this.#byte());
      if (opcode === ".") return this.#pop();
      this.#step(opcode);
    }
    throw this.#malformed(`takes more than ${mostSteps} steps`);
  }

  #step(opcode: string): void {
    switch (opcode) {
      case "\x80":
        this.#byte();
        return;
      case "\x95":
        this.#take(8);
        return;
      case "(":
        this.#stack.push(mark);
        return;
      case "0":
        this.#pop();
        return;
      case "N":
        this.#push(null);
        return;
      case "\x88":
        this.#push(true);
        return;
      case "\x89":
        this.#push(false);
        return;
      case "K":
        this.#push(this.#byte());
        return;
      case "M":
        this.#push(this.#view.getUint16(this.#take(2), true));
        return;
      case "J":
        this.#push(this.#view.getInt32(this.#take(4), true));
        return;
      case "\x8a":
        this.#push(this.#long(this.#byte()));
        return;
      case "G":
        this.#push(this.#view.getFloat64(this.#take(8), false));
        return;
      case "X":
        this.#push(this.#string(this.#view.getUint32(this.#take(4), true)));
        return;
      case "\x8c":
        this.#push(this.#string(this.#byte()));
        return;
      case "U":
        this.#push(this.#string(this.#byte()));
        return;
      default:
        this.#container(opcode);
    }
  }

  #container(opcode: string): void {
    switch (opcode) {
      case "}":
        this.#push(new Map());
        return;
      case "]":
        this.#push([]);
        return;
      case ")":
        this.#push([]);
        return;
      case "t":
      case "l":
        this.#push(this.#popMark());
        return;
      case "\x85":
        this.#push(this.#last(1));
        return;
      case "\x86":
        this.#push(this.#last(2));
        return;
      case "\x87":
        this.#push(this.#last(3));
        return;
      case "a": {
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case "e": {
        const items = this.#popMark();
        for (const item of items) this.#list().push(item);
        return;
      }
      case "s": {
        const [key = null, value = null] = this.#last(2);
        this.#map().set(key, value);
        return;
      }
      case "u": {
        const items = this.#popMark();
        for (let at = 0; at + 1 < items.length; at += 2)
          this.#map().set(items[at] as Pickled, items[at + 1] as Pickled);
        return;
      }
      default:
        this.#reference(opcode);
    }
  }

  #reference(opcode: string): void {
    switch (opcode) {
      case "q":
        this.#memo.set(this.#byte(), this.#top());
        return;
      case "r":
        this.#memo.set(this.#view.getUint32(this.#take(4), true), this.#top());
        return;
      case "\x94":
        this.#memo.set(this.#memo.size, this.#top());
        return;
      case "h":
        this.#recall(this.#byte());
        return;
      case "j":
        this.#recall(this.#view.getUint32(this.#take(4), true));
        return;
      case "c":
        this.#push(this.#global(this.#line(), this.#line()));
        return;
      case "\x93": {
        const [module, name] = this.#last(2);
        this.#push(this.#global(String(module), String(name)));
        return;
      }
      case "Q":
        this.#push(new PickledCall("persistent", [this.#pop()]));
        return;
      case "R": {
        const [callee = null, items = null] = this.#last(2);
        this.#push(this.#call(callee, items));
        return;
      }
      case "b":
        // The state of an object, such as an OrderedDict's attributes: nothing here keeps any.
        this.#pop();
        return;
      default:
        throw this.#malformed(`has opcode 0x${opcode.charCodeAt(0).toString(16)}, which torch.save does not write`);
    }
  }

  #call(callee: Pickled, items: Pickled): Pickled {
    if (!(callee instanceof PickledGlobal) || !Array.isArray(items)) throw this.#malformed("calls what is no function");
    const result = callGlobal(callee, items);
    if (result === undefined) throw this.#refused(callee.name);
    return result;
  }

  #global(module: string, name: string): PickledGlobal {
    const global = PickledGlobal.of(`${module}.${name}`);
    if (global === undefined) throw this.#refused(`${module}.${name}`);
    return global;
  }

  #refused(name: string): ModelError {
    return new ModelError("pickle-global", `the pickle uses ${name}, which is not a part of tensors`, {
      place: this.#place,
      help: "save only tensors: torch.save({k: v.detach() for k, v in model.state_dict().items()})",
    });
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#malformed(`recalls ${index}, which it never kept`);
    this.#push(value);
  }

  #push(value: Pickled): void {
    this.#stack.push(value);
  }

  #pop(): Pickled {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw this.#malformed("takes more from its stack than is there");
    return value as Pickled;
  }

  #top(): Pickled {
    const value = this.#stack[this.#stack.length - 1];
    if (value === undefined || value === mark) throw this.#malformed("keeps what is not there");
    return value as Pickled;
  }

  #last(count: number): Pickled[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popMark(): Pickled[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw this.#malformed("closes a group that it never opened");
    const items = this.#stack.splice(at).slice(1);
    return items as Pickled[];
  }

  #list(): Pickled[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#malformed("appends to what is no list");
    return list;
  }

  #map(): Map<Pickled, Pickled> {
    const map = this.#top();
    if (!(map instanceof Map)) throw this.#malformed("sets an item of what is no dictionary");
    return map;
  }

  #long(length: number): number {
    const start = this.#take(length);
    let value = 0;
    for (let at = length - 1; at >= 0; at--) value = value * 256 + (this.#bytes[start + at] as number);
    return length > 0 && (this.#bytes[start + length - 1] as number) >= 128 ? value - 256 ** length : value;
  }

  #string(length: number): string {
    const start = this.#take(length);
    return text.decode(this.#bytes.subarray(start, start + length));
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw this.#malformed("is cut off in a name");
    const line = text.decode(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return line;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw this.#malformed("is cut off");
    this.#at += length;
    return start;
  }

  #malformed(what: string): ModelError {
    const place = { ...this.#place, path: `byte ${this.#at}` };
    return new ModelError("pickle-malformed", `the pickle ${what}`, { place, help: "save the model again" });
  }
}
