/**
 * Arguments that load code of a stranger's choosing, open the server to others, hold a secret, or name a file. A setting comes from a report,
 * which anybody may have written: none of these is ever given to a server.
 */
const CODE_OR_ACCESS: readonly RegExp[] = [
  /(?:^|[-_.])(?:token|key|secret|password|credentials?)$/i,
  /[-_.](?:cls|class|module|module[-_]path|package)$/i,
  /plugin|middleware|logits[-_]processor|extension|callback|hook|trust[-_]remote[-_]code|insecure|pickle|sleep[-_]mode/i,
  /^(?:config|root[-_]path|allowed|allow[-_]|ssl|api[-_]key|admin|uds|host|port|grpc|remote|lora|custom[-_](?:logit|module|dirs)|forward|dist[-_]init)/i,
  /(?:^|[-_.])(?:auto[-_]map|endpoint|url|server|address|addr|code[-_]revision|tokenizer)$/i,
  /[-_](?:paths?|dir|file)$/i,
];

/** Whether a setting's name says that it loads code, opens the server or holds a secret. */
export function namesCode(name: string): boolean {
  return CODE_OR_ACCESS.some((pattern) => pattern.test(name));
}

/** Arguments a manifest decides by itself, whatever was measured: none of them changes a figure. */
const OWN_AFFAIR = new Set(["enable-sleep-mode", "disable-log-stats", "download-dir", "device", "disaggregation-mode"]);

/** Whether an argument is the manifest's own affair. */
export function isOwnAffair(name: string): boolean {
  return OWN_AFFAIR.has(name);
}

/** Variables of the servers, and of the libraries for accelerators and their networks under them. */
const SERVERS_VARIABLES =
  /^(?:VLLM|SGLANG|SGL|TRTLLM|TLLM|ATOM|MORI|AITER|DYN|NCCL|RCCL|UCX|UCC|OMPI_MCA|CUDA|HIP|HIPBLASLT|HSA|GPU|ROCM|AMDGCN|TRITON|TORCH|TORCHINDUCTOR|PYTORCH|FLASHINFER|NVSHMEM|MC|HABANA|PT_HPU|NEURON|TPU|LIBTPU|XLA|ATTN|MOE|SYCL|CCL|ZE|OMP|KMP|SAFETENSORS|RAY_EXPERIMENTAL|ENABLE|USE|NEW|RAGGED|ONEHOT|DP_SCHED|MIN_TOKEN|MODEL_IMPL|GPTOSS|GATED)_[A-Z0-9_]+$/i;
const UNSAFE_VARIABLES =
  /PLUGIN|_PATH$|_DIR$|_FILE$|FILE_PATH|PACKAGE|MODULE|INSECURE|PICKLE|_TOKEN$|SECRET|PASSWORD|API_KEY|_KEY$|SERVER_DEV_MODE|_URL$|ENDPOINT|PROXY|ALLOW_|REMOTE|_HOST$|_ADDR$|_PORT$|PRELOAD|IMPORT|HOOK|CONFIG$/i;

/** Whether a variable is one of a model server or of a library under it, and loads, opens or discloses nothing. */
export function isServersVariable(name: string): boolean {
  return SERVERS_VARIABLES.test(name) && !UNSAFE_VARIABLES.test(name);
}
