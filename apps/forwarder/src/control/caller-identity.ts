import { parseArn, TributaryError } from "@tributary/schema";

/** Who calls, as the token service (GetCallerIdentity) knows it. */
export interface Caller {
  /** `arn:aws:iam::111122223333:user/alice`, `arn:aws:sts::111122223333:assumed-role/shipper/host` ... */
  readonly arn: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly partition: string;
}

/** Reads an answer of GetCallerIdentity. Throws `CONTROL_ANSWER_INVALID`. */
export function callerIdentity(answer: {
  readonly Arn?: string | undefined;
  readonly Account?: string | undefined;
}): Caller {
  const { Arn: arn = "", Account: accountId = "" } = answer;
  const parsed = parseArn(arn);
  if (parsed === undefined || !/^\d{12}$/.test(accountId))
    throw new TributaryError("The token service does not say who calls: its answer has no ARN or no account.", {
      code: "CONTROL_ANSWER_INVALID",
    });
  return { arn, accountId, partition: parsed.partition };
}
