/** A key without case and without what separates its words: `clientSecret`, `client_secret` and `Client-Secret` are one. */
export function plainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[-_. ]/g, "");
}
