export { montycloud, montycloud as default } from "./montycloud.ts";
