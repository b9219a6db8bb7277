import { matrixOf } from "./matrix-of.ts";

matrixOf("channels");
