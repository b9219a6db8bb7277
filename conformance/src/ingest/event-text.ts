import { event, type IngestWorld, usualIdentity } from "./ingest-world.ts";

/** A key of the event, or a member of its userIdentity. */
export type Path = readonly [string] | readonly ["userIdentity", string];

/** The usual event as text, with changes; a change to undefined leaves the key out. */
export function eventText(world: IngestWorld, changes: Readonly<Record<string, unknown>> = {}): string {
  const whole = { ...event(world) };
  const { userIdentity, ...others } = changes;
  const identity =
    userIdentity instanceof Part ? { ...usualIdentity, [userIdentity.key]: userIdentity.value } : userIdentity;
  return JSON.stringify({ ...whole, ...others, ...("userIdentity" in changes && { userIdentity: identity }) });
}

/** One member of userIdentity, the others as they are. */
class Part {
  readonly key: string;
  readonly value: unknown;

  constructor(key: string, value: unknown) {
    this.key = key;
    this.value = value;
  }
}

/** A change of one key, or of one member of userIdentity. */
export function member(path: Path, value: unknown): Readonly<Record<string, unknown>> {
  const [key, inner] = path;
  return { [key]: inner === undefined ? value : new Part(inner, value) };
}
