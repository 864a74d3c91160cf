/** A way in which a secret stands in a report: members beside the figures, and what must not be readable afterwards. */
export interface SecretShape {
  name: string;
  members: Record<string, unknown>;
  secret: string;
  /** The member as written, where its spelling matters. */
  written?: string;
}

const PIECE = "kV4tQ9zB";
/** Forty letters and digits. */
export const SECRET = PIECE.repeat(5);
const CAPITALS = "KV4TQ9ZB".repeat(2);
const KEY_LINES = [1, 2, 3, 4].map((line) => `${PIECE.repeat(7)}Line${line}xyz+`);
const JWT_START = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjMiLCJuIjoiYSJ9";

function note(name: string, text: string, secret = SECRET): SecretShape {
  return { name, members: { note: text }, secret };
}

function command(name: string, text: string): SecretShape {
  return { name, members: { cmd: text }, secret: SECRET };
}

function address(name: string, text: string): SecretShape {
  return { name, members: { base_url: text }, secret: SECRET };
}

function keyed(key: string, value: unknown = SECRET): SecretShape {
  return { name: `the key ${key}`, members: { [key]: value }, secret: SECRET };
}

/** Every shape found in reports people share, or tried on the program. */
export const SECRET_SHAPES: readonly SecretShape[] = [
  note("a Hugging Face token", `hf_${SECRET}`),
  note("an OpenAI project key", `sk-proj-${SECRET}`),
  note("a Stripe key", `sk_live_${SECRET}`),
  note("an AWS access key", `AKIA${CAPITALS}`, CAPITALS),
  note("a temporary AWS access key", `ASIA${CAPITALS}`, CAPITALS),
  { name: "KEY=value in a list", members: { env: [`AWS_SECRET_ACCESS_KEY=${SECRET}`] }, secret: SECRET },
  keyed("AWS_SECRET_ACCESS_KEY"),
  keyed("AWS_SESSION_TOKEN", SECRET.repeat(5)),
  command("export in a command", `export OPENAI_API_KEY=${SECRET} && vllm serve`),
  command("variables before a command", `HF_TOKEN=${SECRET} WANDB_API_KEY=${SECRET} vllm serve`),
  command("docker -e", `docker run -e HF_TOKEN=${SECRET} img`),
  { name: "a Kubernetes token", members: { env: [{ name: "HF_TOKEN", value: SECRET }] }, secret: SECRET },
  { name: "a Kubernetes key", members: { env: [{ name: "OPENAI_API_KEY", value: SECRET }] }, secret: SECRET },
  { name: "a value before its name", members: { env: [{ value: SECRET, name: "HF_TOKEN" }] }, secret: SECRET },
  { name: "a header as a pair", members: { headers: [["Authorization", `Token ${SECRET}`]] }, secret: SECRET },
  command("Authorization: Basic", `curl -H "Authorization: Basic ${SECRET}"`),
  command("X-API-Key:", `curl -H "X-API-Key: ${SECRET}"`),
  command("Authorization: Bearer", `-H "Authorization: Bearer ${SECRET}"`),
  command("curl -u", `curl -u admin:${SECRET} http://h`),
  { name: "curl -u in a list", members: { args: ["curl", "-u", `admin:${SECRET}`] }, secret: SECRET },
  address("user and password in an address", `http://user:${SECRET}@host/v1`),
  address("a token in an address", `https://${SECRET}@github.com/x`),
  ...["api-key", "apikey", "auth", "password", "hf_token", "code"].map((key) =>
    address(`?${key}=`, `https://h/v1?a=1&${key}=${SECRET}`),
  ),
  address("a signed Azure address", `https://x.blob.core.windows.net/c?sv=2020&sig=${SECRET}%3D`),
  note("a JSON Web Token", `${JWT_START}.${SECRET}`),
  note(
    "a PEM block",
    `-----BEGIN RSA PRIVATE KEY-----\n${KEY_LINES.join("\n")}\n-----END RSA PRIVATE KEY-----`,
    "Line2xyz",
  ),
  {
    name: "a PEM block as a list of lines",
    members: { note: ["-----BEGIN OPENSSH PRIVATE KEY-----", SECRET, "-----END OPENSSH PRIVATE KEY-----"] },
    secret: SECRET,
  },
  keyed("kubeconfig", { users: [{ name: "a", user: { "client-key-data": SECRET } }] }),
  keyed("kubeconfig", { users: [{ name: "a", user: { token: SECRET } }] }),
  keyed("kubeconfig", `users:\n- user:\n    token: ${SECRET}\n    client-key-data: ${SECRET}\n`),
  ...["gsk_", "r8_", "xai-", "pplx-", "nvapi-", "glpat-", "npm_", "pypi-AgEI", "dckr_pat_", "hvs.", "ya29."].map(
    (prefix) => note(`a token that starts with ${prefix}`, `${prefix}${SECRET}`),
  ),
  note("a SendGrid key", `SG.${SECRET.slice(0, 22)}.${SECRET}`),
  note("an Azure account key", `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${SECRET}${SECRET}==`),
  ...[
    ...["openaiApiKey", "wandb_api_key", "X-Auth-Token", "openai_token", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN"],
    ...["gitlab_token", "pat", "bearer", "pwd", "pass", "sas_token", "private_key_pem", "api_key_value", "auth"],
    ...["api key", "authorization_header", "apiKeys", "db_password", "GH_PAT", "stop_token_secret"],
  ].map((key) => keyed(key)),
  keyed("connection_string", `postgres://u:${SECRET}@h/db`),
  keyed("dsn", `host=h user=u password=${SECRET}`),
  keyed("api_keys", [SECRET]),
  keyed("secrets", { a: SECRET }),
  keyed("passwords", [SECRET]),
  keyed("tokens", [SECRET]),
  keyed("auth", ["user", SECRET]),
  keyed("credentials", { x: { y: SECRET } }),
  { name: "a token as a key", members: { headers: { [`hf_${SECRET}`]: 1 } }, secret: SECRET },
  keyed("api_key_map", { [SECRET]: "prod" }),
  { name: "an escaped token", members: {}, secret: SECRET, written: `"note":"h\\u0066_${SECRET}"` },
  { name: "an escaped key", members: {}, secret: SECRET, written: `"ap\\u0069_key":"${SECRET}"` },
  { name: "a flag and its value in a list", members: { args: ["--api-key", SECRET] }, secret: SECRET },
  { name: "a flag with its value", members: { args: [`--api-key=${SECRET}`] }, secret: SECRET },
  ...["--hf-token", "-k", "--auth", "--bearer", "--openai-api-key"].map((flag) =>
    command(`the flag ${flag}`, `bench ${flag} ${SECRET}`),
  ),
  command("--header Authorization=", `bench --header "Authorization=${SECRET}"`),
  command("JSON in a command", `guidellm --backend-kwargs '{"api_key":"${SECRET}"}'`),
  {
    name: "JSON in a text",
    members: { args: JSON.stringify({ api_key: SECRET, extra_headers: { Authorization: `Basic ${SECRET}` } }) },
    secret: SECRET,
  },
  {
    name: "JSON in a text in JSON in a text",
    members: { args: JSON.stringify({ a: JSON.stringify({ api_key: SECRET }) }) },
    secret: SECRET,
  },
  {
    name: "escaped JSON in a command",
    members: { args: `serve --kwargs "${JSON.stringify({ api_key: SECRET }).replaceAll('"', '\\"')}"` },
    secret: SECRET,
  },
  { name: "what argparse prints", members: { args: `Namespace(api_key='${SECRET}', model='x')` }, secret: SECRET },
  { name: "a Python dictionary", members: { args: `{'api_key': '${SECRET}'}` }, secret: SECRET },
  { name: "a list in a Python dictionary", members: { args: `{'api_keys': ['a', '${SECRET}']}` }, secret: SECRET },
  note(
    "a token in base64",
    Buffer.from(`hf_${SECRET}`).toString("base64"),
    Buffer.from(`hf_${SECRET}`).toString("base64"),
  ),
  note("a token broken by a line's end", `hf_${SECRET.slice(0, 15)}\n${SECRET.slice(15)}`, SECRET.slice(15)),
  note("a token with an unseen character", `hf_\u200b${SECRET}`),
  note("BEARER", `BEARER ${SECRET}`),
  note("bearer:", `bearer: ${SECRET}`),
  note("Bearer%20", `Bearer%20${SECRET}`),
  keyed("HTTPS_PROXY", `http://u:${SECRET}@proxy:3128`),
  { name: "a number behind password", members: { password: 1234567890123 }, secret: "1234567890123" },
  note("a .netrc line", `machine h login u password ${SECRET}`),
  keyed("auths", { "ghcr.io": { auth: SECRET } }),
  note("a comment with a variable", `# HF_TOKEN: ${SECRET}`),
];

/** Members real reports have that look like secrets to a search for words, and are none. */
export const HARMLESS_MEMBERS: Record<string, unknown> = {
  tokens: ["Hello", " world", "Ġtokenization", "hf_model"],
  token_ids: [1, 2, 3],
  max_tokens: 128,
  output_tokens: "128",
  total_input_tokens: 4096,
  tokenizer: "meta-llama/Llama-3.1-8B-Instruct",
  tokenizer_id: "deepseek-ai/DeepSeek-R1-0528",
  tokenizer_mode: "auto",
  eos_token: "<|endoftext|>",
  bos_token: "<s>",
  pad_token: "[PAD]",
  time_per_output_token: { mean: 12.5, p99: 30 },
  time_to_first_token: "12.5",
  token: 5,
  "--max-tokens": "128",
  api_key: null,
  use_auth_token: false,
  has_password: true,
  auth: "none",
  auth_type: "oauth2",
  pass: "true",
  "pass@1": 0.93,
  pwd: "/home/user/bench2024",
  PWD: "/home/lab/bench2024",
  path: "/data/run-2026-09/report.json",
  key: "value",
  keys: ["concurrency", "rate"],
  series_key: "h100-tp8-fp8-2025",
  canonical_key: "a".repeat(64),
  imagePullSecrets: [{ name: "regcred-2024" }],
  secretName: "hf-secret-1",
  secretKeyRef: { name: "hf-secret", key: "hf_token" },
  valueFrom: { secretKeyRef: { name: "hf-secret", key: "token" } },
  author: "Jane Roe",
  authors: ["Jane Roe"],
  monkey: "business",
  HF_TOKEN: "$HF_TOKEN",
  note: "time per token: 5ms; key: value; basic benchmark of bearer capacity; tokens: 128, first token: 30ms",
  command: "vllm serve meta-llama/Meta-Llama-3.1-8B-Instruct --max-num-batched-tokens 8192 -tp 8 -p 8000 -k v1",
  export: "export HF_TOKEN=$HF_TOKEN && docker run -e HF_TOKEN -v /data:/data vllm/vllm-openai:v0.11.0",
  python: "Namespace(api_key=None, token=None, tokenizer='x', use_token=True, max_tokens=16)",
  url: "http://localhost:8000/v1/completions?stream=true",
  git: "git@github.com:vllm-project/vllm.git ssh://git@github.com/vllm-project/vllm.git",
  image: "ghcr.io/llm-d/llm-d-cuda@sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
  commit: "912c6250a1b2c3d4e5f60718293a4b5c6d7e8f9a",
  risk: "task-oriented-dialogue-datasets and disk-intensive-workloads",
  sk: "sk-learn-like-model-names-have-no-numbers",
  required: ["HF_TOKEN", "OPENAI_API_KEY"],
  fields: ["password", "username"],
  metrics: [{ name: "time_to_first_token", value: "12.5" }],
  parameters: [{ name: "max_tokens", value: "4096" }],
  x: "compass bypass passenger keyboard",
};
