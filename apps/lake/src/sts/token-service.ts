import type { RequestNote } from "../access/observation.ts";
import type { Clock } from "../clock.ts";
import type { ControlCache } from "../control/control-cache.ts";
import type { LakeRequest } from "../http/lake-request.ts";
import { type QueryOutput, awsQuery } from "../http/query-protocol.ts";
import { WireError } from "../http/wire-error.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import type { KeyEnvironment } from "../identity/new-access-key.ts";
import { formParameters } from "./form-parameters.ts";
import { tokenOperations } from "./token-operations.ts";

export interface TokenServiceServices extends Omit<KeyEnvironment, "now"> {
  readonly control: ControlCache;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
}

/**
 * AWS's token service, as far as clients of the lake use it: AssumeRole, GetCallerIdentity and GetSessionToken, version
 * 2011-06-15, signed for the service `sts`. Nothing is written: a session is its token.
 */
export class TokenService {
  readonly #services: TokenServiceServices;

  constructor(services: TokenServiceServices) {
    this.#services = services;
  }

  /** Throws a WireError for every refusal. */
  async handle(request: LakeRequest, note: RequestNote): Promise<QueryOutput> {
    const { control, authenticator, clock, randomBytes, dataKeys } = this.#services;
    const signed = authenticator.read(request, awsQuery.signingName);
    const view = await control.fresh();
    const { caller } = authenticator.authenticate(view, signed);
    note.caller = { accountId: caller.accountId, arn: caller.arn };
    if (request.bodyDiscarded)
      throw new WireError("ServiceUnavailable", "The key became known while the request was read. Send it again.", {
        status: 503,
        retryAfter: 1,
      });
    const parameters = formParameters(request.body);
    const action = parameters.get("Action") ?? "";
    const operation = tokenOperations.get(action);
    if (!operation || parameters.get("Version") !== "2011-06-15")
      throw new WireError(
        "InvalidAction",
        `The form must have Version=2011-06-15 and one of ${[...tokenOperations.keys()].join(", ")} as its Action.`,
        { status: 400 },
      );
    note.operation = action;
    const now = clock.now();
    const facts = { sourceIp: request.sourceIp, secureTransport: request.secure, now };
    return { action, result: operation({ view, caller, parameters, facts, env: { now, randomBytes, dataKeys } }) };
  }
}
