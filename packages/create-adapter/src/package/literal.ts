/** A text as a literal of TypeScript source. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Steps as the arguments of a call: `"actor", "id"`. */
export function steps(path: readonly string[]): string {
  return path.map(literal).join(", ");
}

/** A member's name as it stands before a colon. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}
