/** A fault of the server as an entry of its log. */
export function faultEntry(error: unknown, requestId: string): Readonly<Record<string, unknown>> {
  const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause : error) : undefined;
  return {
    level: "error",
    event: "fault",
    requestId,
    message: error instanceof Error ? error.message : String(error),
    stack: cause?.stack,
  };
}
