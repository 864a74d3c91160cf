import { ATOM_SERVERS } from "./atom";
import { DYNAMO_SERVERS } from "./dynamo";
import type { ModelServer } from "./server";
import { sglang } from "./sglang";
import { trtllm } from "./trtllm";
import { vllm } from "./vllm";

/** Every model server manifests can be written for: one line each. */
export const SERVERS: readonly ModelServer[] = [vllm, sglang, trtllm, ...DYNAMO_SERVERS, ...ATOM_SERVERS];
