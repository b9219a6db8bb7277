/** The first problem of an event, in the order of spec 1.7. */
export interface EventProblem {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** Placeholder until the schema package has checkAuditEvent: required members only. */
export function checkEvent(eventData: string, _accountId: string, _receivedAt: string): EventProblem | undefined {
  const event = JSON.parse(eventData) as Record<string, unknown>;
  for (const key of ["version", "userIdentity", "eventSource", "eventName", "eventTime", "UID"])
    if (event[key] === undefined || event[key] === null || event[key] === "")
      return { code: "FieldNotFound", path: `/${key}`, message: `${key} is required.` };
  return undefined;
}
