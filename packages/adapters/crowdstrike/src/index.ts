export { crowdstrike, crowdstrike as default } from "./crowdstrike.ts";
