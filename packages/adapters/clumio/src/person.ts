import { textAt } from "@tributary/adapter-kit";

/** The address of the person who acted. Events of the system have none: null in the API, `-` where the audit report shows them. */
export function person(record: unknown): string | undefined {
  const email = textAt(record, "user_email");
  return email === "-" ? undefined : email;
}
