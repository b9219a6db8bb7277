/** The name of a call: its method and its path without query and without a slash at the end, `GET/services`. */
export function callName(method: string, path: string): string {
  const [plain = ""] = path.split("?", 1);
  return `${method}${plain.length > 1 && plain.endsWith("/") ? plain.slice(0, -1) : plain}`;
}
