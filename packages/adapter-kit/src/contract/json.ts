/** What JSON.parse can return. Integers a double cannot hold arrive as strings of their own digits; decode counts them. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
