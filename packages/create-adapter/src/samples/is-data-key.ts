/**
 * Whether a member's name is a value rather than a name: an address, a UUID, a long number or digest, a URL, a text. Maps by
 * user or by id have such keys.
 */
export function isDataKey(key: string): boolean {
  return (
    key.length > 64 ||
    key === "__proto__" ||
    /[@\n]./.test(key.slice(1)) ||
    /\d{5}/.test(key) ||
    /^[0-9a-f-]{16,}$/i.test(key) ||
    /^\d+\.\d+\.\d+\.\d+/.test(key) ||
    /^[0-9a-f]*:[0-9a-f:]+$/i.test(key) ||
    key.includes("://") ||
    key.split(/\s+/).length > 6
  );
}
