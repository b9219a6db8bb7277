/** Shorter ones are too common to be found in a text. */
const shortest = 6;

/**
 * Replaces secrets in texts that are shown, as they are and as URLs, JSON and Base64 write them. The parts that make such texts
 * put none there; this is the net below them.
 */
export class Scrubber {
  #forms: readonly string[] = [];

  /** Replaces the secrets that it knows. */
  know(secrets: readonly string[]): void {
    const forms = secrets
      .filter((secret) => secret.length >= shortest)
      .flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
      ]);
    this.#forms = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  }

  readonly scrub = (text: string): string => {
    let clean = text;
    for (const form of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, "***");
    return clean;
  };
}
