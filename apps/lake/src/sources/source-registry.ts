import { type SourceRow, findSource } from "@tributary/schema";

/** The sources that channels can have: AWS's sixteen, and those the host has registered beside them. Spec section 4. */
export class SourceRegistry {
  readonly #registered: ReadonlyMap<string, SourceRow>;

  constructor(registered: readonly SourceRow[] = []) {
    this.#registered = new Map(registered.map((row) => [row.source, row]));
  }

  /** By the exact name. */
  find(source: string): SourceRow | undefined {
    return findSource(source) ?? this.#registered.get(source);
  }

  /** The values of eventSource that a channel of the source may carry, if the host has named any; AWS names none for its own. */
  allowedEventSources(source: string): readonly string[] | undefined {
    return this.#registered.get(source)?.eventSources;
  }
}
