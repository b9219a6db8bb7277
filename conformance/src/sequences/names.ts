/**
 * What the steps of a sequence call resources by, for instance `store-1`, and the ARN that one side has for each: the subject's and the
 * oracle's differ.
 */
export class Names {
  readonly #arns = new Map<string, string>();
  readonly #nothing: { readonly store: string; readonly channel: string };

  constructor(place: { readonly region: string; readonly accountId: string }) {
    const arn = `arn:aws:cloudtrail:${place.region}:${place.accountId}`;
    const id = "00000000-0000-4000-8000-00000000dead";
    this.#nothing = { store: `${arn}:eventdatastore/${id}`, channel: `${arn}:channel/${id}` };
  }

  set(name: string, arn: string): void {
    this.#arns.set(name, arn);
  }

  has(name: string): boolean {
    return this.#arns.has(name);
  }

  /** The ARN of a name; of one that nothing has yet, an ARN of nothing. */
  arn(name: string): string {
    return this.#arns.get(name) ?? (name.startsWith("channel") ? this.#nothing.channel : this.#nothing.store);
  }

  /** A text with names instead of ARNs and ids. */
  named(text: string): string {
    let named = text;
    for (const [name, arn] of this.#arns)
      named = named.replaceAll(arn, name).replaceAll(arn.slice(arn.lastIndexOf("/") + 1), name);
    return named
      .replaceAll(this.#nothing.store, "store of nobody")
      .replaceAll(this.#nothing.channel, "channel of nobody");
  }

  /** The name of an ARN. */
  nameOf(arn: unknown): string | undefined {
    return [...this.#arns].find(([, one]) => one === arn)?.[0];
  }
}
