/**
 * What a key says of its value. `secret`: always a secret. `token`: a secret if it is text. `doubtful`: a secret if the text
 * looks like one (`auth`, `pass`, `stop_token`). `random`: a secret only if nothing else could look like it (`tokens`). `open`:
 * no secret.
 */
export type KeyKind = "secret" | "token" | "doubtful" | "random" | "open";

/** Endings of a key that do not change what it names. */
const SUFFIX = "(?:s|values?|map|list|string|text|headers?|pem|data|base64|b64|plain|raw|json)?";

/** Keys, letters and digits only, lower case. */
const SECRET_KEY = new RegExp(
  "(?:apikey|secret|secretkey|password|passwd|passphrase|authorization|credentials?|privatekey|accesskey|accesskeyid|" +
    `accountkey|cookie|clientkeydata)${SUFFIX}$`,
);
/** Names of Kubernetes secrets, not their content. */
const NAMED_SECRET = /pullsecrets?$/;
const TOKEN_KEY =
  /^(?:token|idtoken|tokenizertoken)$|(?:hf|hub|huggingface|access|auth|api|bearer|refresh|session|security|sas|oauth|jwt|csrf|github|gitlab|npm|pypi|slack|vault|wandb|openai|anthropic|deploy|bot)tokens?$/;
const VENDOR_KEY =
  /(?:openai|anthropic|azure|aws|gcp|google|groq|mistral|cohere|together|fireworks|replicate|deepseek|xai|wandb|ngc|nvidia|hf|subscription|storage|master|signing|encryption|shared|ssh|client|auth|service|admin)keys?$/;
/** Keys with their words told apart by `_`. */
const DOUBTFUL_KEY = /(?:^|_)(?:token|pass|pwd|pat|auth|auth_header|bearer|jwt|sas)$/;

/** Times and prices of a token: they stand in every report. */
const MEASURED = /(?:^|_)(?:per|inter|first|next|last|output|input|prompt|generated|cached)_token$/;

/** Words that every key of a secret contains, for finding candidates in a text. */
export const KEY_WORD =
  /(?:api|access|private|secret|account) key|key|secret|pass|pwd|token|auth|credential|cookie|bearer|jwt|pat|sas/i;

/** How many keys are remembered with their kind. */
const MAX_JUDGED_KEYS = 10_000;
const JUDGED_KEYS = new Map<string, KeyKind>();

/** What a key says of its value, in whatever spelling: `api_key`, `X-API-Key`, `openaiApiKey`, `api key`. */
export function kindOfKey(key: string): KeyKind {
  let kind = JUDGED_KEYS.get(key);
  if (kind === undefined) {
    kind = key.length > LONGEST_KEY ? kindOf(key.slice(-LONGEST_KEY)) : kindOf(key);
    if (JUDGED_KEYS.size < MAX_JUDGED_KEYS && key.length <= LONGEST_KEY) JUDGED_KEYS.set(key, kind);
  }
  return kind;
}

/** Of a longer key only the end is judged. */
export const LONGEST_KEY = 200;

/** A line of a private key ends as a key of one does, and is none. */
const PEM_LINE = /-----(?:BEGIN|END) /;

function kindOf(key: string): KeyKind {
  if (PEM_LINE.test(key)) return "open";
  const flat = key.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (SECRET_KEY.test(flat) && !NAMED_SECRET.test(flat)) return "secret";
  if (TOKEN_KEY.test(flat)) return "token";
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  if (MEASURED.test(words)) return "open";
  if (VENDOR_KEY.test(flat) || DOUBTFUL_KEY.test(words)) return "doubtful";
  return flat === "tokens" ? "random" : "open";
}

/** Values that are no secret although their key names one: nothing, a reference, or what is blanked already. */
const PLACEHOLDER =
  /^(?:null|none|nil|undefined|true|false|\*+|\*[A-Za-z]\w*|\$[A-Z_][A-Z0-9_]*|\$\{[^}]*\}|\$\([^)]*\)|<[^>]*>|\{\{.*\}\}|"?\[redacted\]"?)?$/i;

/** The word before what an authorization is made of. */
export const SCHEME = /^(?:basic|bearer|token|digest|api-?key|negotiate|sharedkey|aws4-hmac-sha256)(?: +|%20)/i;

/** Longer texts are judged by their start. */
export const LONGEST_JUDGED = 300;

/** True where a text behind a key of that kind is a secret. */
export function isSecretValue(kind: KeyKind, value: string): boolean {
  if (kind === "open") return false;
  const text = value.slice(0, LONGEST_JUDGED).trim();
  if (PLACEHOLDER.test(text)) return false;
  if (kind === "secret") return true;
  if (/^[-+]?[\d.,:]+(?:e[-+]?\d+)?$/i.test(text)) return false;
  if (kind === "token") return true;
  return kind === "doubtful" ? looksLikeCredential(text.replace(SCHEME, "")) : looksRandom(text);
}

/** A word no language has: long, in one piece, letters and digits, neither a path nor an address nor a special token. */
export function looksLikeCredential(text: string): boolean {
  if (text.length < 8 || /\s|:\/\/|^[./~<[|]|^[A-Za-z]:[\\/]/.test(text)) return false;
  if (!/[A-Za-z]/.test(text)) return false;
  return /\d/.test(text) || (text.length >= 16 && /[a-z]/.test(text) && /[A-Z]/.test(text));
}

/** As only a machine writes: at least 20 characters of base64 or the like, digits, capitals and small letters mixed. */
function looksRandom(text: string): boolean {
  return /^[A-Za-z0-9+/=_~-]{20,}$/.test(text) && /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}
