import { OutPort } from "../blocks/out-port.ts";
import { DATA } from "../blocks/token.ts";

/** The tokens of one stream, with their times. */
export interface RecordedStream {
  readonly payloads: number[];
  readonly tags: number[];
  /** Cycle of the step that wrote each token. */
  readonly times: number[];
}

/** The streams of a simulation, by channel. */
export type StreamRecord = Map<string, RecordedStream>;

/** An output that also keeps what it writes. */
export class RecordingPort extends OutPort {
  readonly #port: OutPort;
  readonly #streams: readonly RecordedStream[];

  constructor(port: OutPort, record: StreamRecord) {
    super(port.channels);
    this.#port = port;
    this.#streams = port.channels.map((channel) => {
      const stream: RecordedStream = { payloads: [], tags: [], times: [] };
      record.set(channel.id, stream);
      return stream;
    });
  }

  override put(clock: number, payload: number, tag: number): void {
    this.lastPut = clock;
    this.#port.put(clock, payload, tag);
    this.#keep(clock, payload, tag);
  }

  override putValue(clock: number, values: Float64Array, place: number): void {
    this.lastPut = clock;
    this.#port.putValue(clock, values, place);
    this.#keep(clock, values[place]!, DATA);
  }

  #keep(clock: number, payload: number, tag: number): void {
    for (const stream of this.#streams) {
      stream.payloads.push(payload);
      stream.tags.push(tag);
      stream.times.push(clock);
    }
  }
}
