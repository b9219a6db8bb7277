/** The shape of a record without its values: keys and structure of JSON; of anything else only that it is there. */
export function masked(bytes: Uint8Array): string {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return JSON.stringify(
      value,
      (_key, member: unknown) => (typeof member === "string" || typeof member === "number" ? "***" : member),
      2,
    );
  } catch {
    return "*** (not JSON)";
  }
}
