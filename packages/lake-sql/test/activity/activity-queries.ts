import type { ActivityQuery } from "./activity-query.ts";
import { details } from "./details.ts";
import { errors } from "./errors.ts";
import { together } from "./together.ts";
import { when } from "./when.ts";
import { who } from "./who.ts";

export const activityQueries: readonly ActivityQuery[] = [...who, ...when, ...errors, ...details, ...together];
