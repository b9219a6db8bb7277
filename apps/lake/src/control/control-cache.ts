import type { ControlCatalog } from "../catalog/control-catalog.ts";
import { WireError } from "../http/wire-error.ts";
import { ControlView } from "./control-view.ts";

/**
 * The control state in memory. Ingest works on the copy, whose generation the append checks; everything else asks for a
 * fresh one, which costs one row read when nothing changed. See storage.md, "The catalog port".
 */
export class ControlCache {
  readonly #catalog: Pick<ControlCatalog, "generation" | "readControl">;
  #view: ControlView;
  #reading: Promise<ControlView> | undefined;

  private constructor(catalog: Pick<ControlCatalog, "generation" | "readControl">, view: ControlView) {
    this.#catalog = catalog;
    this.#view = view;
  }

  static async open(catalog: Pick<ControlCatalog, "generation" | "readControl">): Promise<ControlCache> {
    return new ControlCache(catalog, new ControlView(await catalog.readControl()));
  }

  /** The copy, possibly older than the catalog. */
  get view(): ControlView {
    return this.#view;
  }

  /** The state as of now or later. */
  async fresh(): Promise<ControlView> {
    if ((await this.#catalog.generation()) === this.#view.state.generation) return this.#view;
    const read = this.#read();
    const view = await read;
    // A read that was under way when the generation was asked may be older than the answer.
    return view.state.generation < (await this.#catalog.generation()) ? await this.#read() : view;
  }

  /**
   * Decides on the copy. A refusal stands only if the copy is still the catalog's: an identity, a policy or a channel that
   * was made a moment ago by another process must count.
   */
  async decide<T>(decision: (view: ControlView) => T): Promise<T> {
    const view = this.#view;
    try {
      return decision(view);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const fresh = await this.fresh();
      if (fresh === view) throw error;
      return decision(fresh);
    }
  }

  #read(): Promise<ControlView> {
    this.#reading ??= this.#catalog
      .readControl()
      .then((state) => {
        if (state.generation !== this.#view.state.generation) this.#view = new ControlView(state);
        return this.#view;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}
