/** What calls took, and caps that hold. */
import { ChatError, type ChatModel } from "./chat-model.ts";

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Caps; none where absent. */
export interface Budget {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly dollars?: number | undefined;
  /** Asked before each call: whether time is up. */
  readonly expired?: (() => boolean) | undefined;
}

/** What was taken. A quantity that is not known is `null`: an endpoint that counts no tokens, a model without a price. */
export interface Spending {
  readonly calls: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly dollars: number | null;
}

/** Counts calls; refuses the one that would pass a cap before it is made. */
export class Ledger {
  readonly #budget: Budget;
  readonly #prices: Readonly<Record<string, Price>>;
  #calls = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  /** In millionths of a dollar: whole numbers for whole prices. */
  #microdollars = 0;
  #uncounted = false;
  #unpriced = false;

  constructor(options: { readonly budget?: Budget; readonly prices?: Readonly<Record<string, Price>> } = {}) {
    this.#budget = options.budget ?? {};
    this.#prices = options.prices ?? {};
  }

  get spending(): Spending {
    return {
      calls: this.#calls,
      inputTokens: this.#uncounted ? null : this.#inputTokens,
      outputTokens: this.#uncounted ? null : this.#outputTokens,
      dollars: this.#uncounted || this.#unpriced ? null : this.#microdollars / 1e6,
    };
  }

  /** The model behind this ledger. @throws {ChatError} `budget` from a call that a cap forbids. */
  guard(model: ChatModel): ChatModel {
    return {
      complete: async (request, rollout) => {
        this.#admit();
        this.#calls++;
        const response = await model.complete(request, rollout);
        const price = this.#prices[request.model];
        if (response.usage === null) this.#uncounted = true;
        else {
          this.#inputTokens += response.usage.inputTokens;
          this.#outputTokens += response.usage.outputTokens;
          if (price === undefined) this.#unpriced = true;
          else
            this.#microdollars += response.usage.inputTokens * price.input + response.usage.outputTokens * price.output;
        }
        return response;
      },
    };
  }

  #admit(): void {
    const { calls, tokens, dollars, expired } = this.#budget;
    const stop = (what: string): never => {
      throw new ChatError("budget", `the cap of ${what} is reached`);
    };
    const refuse = (what: string): never => {
      const unknown = this.#uncounted ? "the endpoint counts no tokens" : "the model has no price";
      throw new ChatError("budget", `the cap of ${what} cannot be kept: ${unknown}`);
    };
    if (tokens !== undefined && this.#uncounted) refuse(`${tokens} tokens`);
    if (dollars !== undefined && (this.#uncounted || this.#unpriced)) refuse(`${dollars} dollars`);
    if (calls !== undefined && this.#calls >= calls) stop(`${calls} calls`);
    if (tokens !== undefined && this.#inputTokens + this.#outputTokens >= tokens) stop(`${tokens} tokens`);
    if (dollars !== undefined && this.#microdollars >= 1e6 * dollars) stop(`${dollars} dollars`);
    if (expired?.()) stop("time");
  }
}
