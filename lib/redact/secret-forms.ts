/** A secret known by its own look, wherever it stands. */
export interface SecretForm {
  name: string;
  /** A text without it is not searched for the pattern. */
  trigger: RegExp;
  /** Global; what it matches is blanked. */
  pattern: RegExp;
  /** Made-up text in which it stands, and the secret in it. */
  example: { text: string; secret: string };
}

/** Letters that show nothing and come along when copying. */
const UNSEEN = "[\\u200b-\\u200d\\u2060\\ufeff]{0,3}";

/** A digit must come soon: words joined by hyphens have none. */
const WITH_DIGIT = "(?=[A-Za-z_-]{0,60}[0-9])";

/**
 * A token by its prefix. What stands before it is checked after the prefix was found, so that the search itself is for plain
 * letters. Allowed are: no letter or digit, or a written line break (`\nhf_…`), of which the `n` is none.
 */
function prefixed(name: string, prefix: string, rest: string, example: string): SecretForm {
  const before = `(?<=(?:(?<![A-Za-z0-9])|\\\\[bfnrt])${prefix})`;
  return {
    name,
    trigger: new RegExp(prefix),
    pattern: new RegExp(`${prefix}${before}${UNSEEN}${rest}`, "g"),
    example: { text: example, secret: example },
  };
}

/** A token in a text that says what it is. */
function inText(name: string, trigger: RegExp, pattern: RegExp, text: string, secret: string): SecretForm {
  return { name, trigger, pattern, example: { text, secret } };
}

const PIECE = "q7Rw2Zk9";
/** Forty letters and digits. */
const LONG = PIECE.repeat(5);

/** The start of every address. */
export const ADDRESS_TRIGGER = /:\/\//;

/** The kept list of token forms: one row a form. Prefixes are those the makers document or GitHub's secret scanning lists. */
export const SECRET_FORMS: readonly SecretForm[] = [
  prefixed("Hugging Face token", "hf_", "[A-Za-z0-9]{20,}", `hf_${LONG}`),
  prefixed("Hugging Face token", "api_org_", "[A-Za-z0-9]{20,}", `api_org_${LONG}`),
  prefixed(
    "Hugging Face token",
    "hf_",
    // Broken into two lines; a key on the next line is none of it.
    "(?=[A-Za-z]{0,40}[0-9])(?=[a-z0-9]{0,40}[A-Z])[A-Za-z0-9]{6,40}\\r?\\n[ \\t]{0,40}[A-Za-z0-9]{6,40}(?![A-Za-z0-9]|[ \\t]{0,4}[:=])",
    `hf_${PIECE}\n${PIECE}${PIECE}`,
  ),
  prefixed("Hugging Face token", "aGZf", "[A-Za-z0-9+/]{24,}={0,2}", `aGZf${LONG}==`),
  prefixed("API key", "sk-", `${WITH_DIGIT}[A-Za-z0-9_-]{20,}`, `sk-proj-${LONG}`),
  prefixed("Anthropic key", "sk-ant-", "[A-Za-z0-9_-]{20,}", `sk-ant-api03-${LONG}`),
  prefixed("Stripe key", "[rs]k_(?:live|test)_", "[A-Za-z0-9]{16,}", `sk_live_${LONG}`),
  prefixed("Groq key", "gsk_", "[A-Za-z0-9]{20,}", `gsk_${LONG}`),
  prefixed("Replicate token", "r8_", "[A-Za-z0-9]{20,}", `r8_${LONG}`),
  prefixed("xAI key", "xai-", `${WITH_DIGIT}[A-Za-z0-9_-]{20,}`, `xai-${LONG}`),
  prefixed("Perplexity key", "pplx-", `${WITH_DIGIT}[A-Za-z0-9]{20,}`, `pplx-${LONG}`),
  prefixed("Together key", "tgp_v1_", "[A-Za-z0-9_-]{20,}", `tgp_v1_${LONG}`),
  prefixed("Fireworks key", "fw_", `${WITH_DIGIT}[A-Za-z0-9]{20,}`, `fw_${LONG}`),
  prefixed("NVIDIA API key", "nvapi-", "[A-Za-z0-9_-]{20,}", `nvapi-${LONG}`),
  prefixed("GitHub token", "gh[pousr]_", "[A-Za-z0-9]{20,}", `ghp_${LONG}`),
  prefixed("GitHub token", "github_pat_", "[A-Za-z0-9_]{20,}", `github_pat_11${LONG}`),
  prefixed("GitLab token", "gl(?:pat|dt|rt|cbt|ptt|ft|soat)-", "[A-Za-z0-9_.-]{16,}", `glpat-${LONG}`),
  prefixed("Slack token", "xox[abeprs]-", "[A-Za-z0-9-]{10,}", `xoxb-${LONG}`),
  prefixed("Slack token", "xapp-", "[0-9]-[A-Za-z0-9-]{10,}", `xapp-1-${LONG}`),
  inText(
    "Slack webhook",
    /hooks\.slack\.com/,
    /(?<=hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{20,}/g,
    `https://hooks.slack.com/services/T0000/B0000/${PIECE}${PIECE}`,
    `T0000/B0000/${PIECE}${PIECE}`,
  ),
  prefixed("AWS access key", "A(?:KIA|SIA)", "[0-9A-Z]{16}(?![0-9A-Za-z])", `ASIA${"Q7RWZK29".repeat(2)}`),
  prefixed("Google API key", "AIza", "[0-9A-Za-z_-]{35}", `AIza${LONG.slice(0, 35)}`),
  prefixed("Google access token", "ya29\\.", "[0-9A-Za-z_-]{20,}", `ya29.${LONG}`),
  prefixed("Google client secret", "GOCSPX-", "[0-9A-Za-z_-]{20,}", `GOCSPX-${LONG}`),
  prefixed("npm token", "npm_", `${WITH_DIGIT}[A-Za-z0-9]{20,}`, `npm_${LONG}`),
  prefixed("PyPI token", "pypi-Ag", "[A-Za-z0-9_-]{16,}", `pypi-AgEI${LONG}`),
  prefixed("Docker token", "dckr_[po]at_", "[A-Za-z0-9_-]{16,}", `dckr_pat_${LONG}`),
  prefixed("Vault token", "hv[sbr]\\.", "[A-Za-z0-9_-]{20,}", `hvs.${LONG}`),
  prefixed("SendGrid key", "SG\\.", "[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{30,}", `SG.${LONG.slice(0, 22)}.${LONG}`),
  prefixed("DigitalOcean token", "do[opr]_v1_", "[a-f0-9]{40,}", `dop_v1_${"0a1b2c3d".repeat(8)}`),
  inText(
    "JSON Web Token",
    /eyJ/,
    // Its own letters may not stand before it: each run of them is looked through once.
    /eyJ(?<=(?:(?<![A-Za-z0-9_-])|\\[bfnrt])eyJ)[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){1,3}/g,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${LONG}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${LONG}`,
  ),
  inText(
    "private key",
    /-----BEGIN/,
    // Without the line break behind it: what follows stays a line of its own.
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:Proc-Type|DEK-Info):[^\n]{0,100}\n|[A-Za-z0-9+/=\s\\])*(?:-----END [A-Z ]{0,40}-----)?(?<!\s)/g,
    `-----BEGIN RSA PRIVATE KEY-----\n${LONG}\n${LONG}\n-----END RSA PRIVATE KEY-----`,
    `${LONG}\n${LONG}`,
  ),
  inText(
    "bearer token",
    /earer(?: |%20|\+)/i,
    /(?<=(?:(?<![A-Za-z0-9])|\\[bfnrt])Bearer(?: |%20|\+))(?:(?=[^\d\s]{0,60}\d)[A-Za-z0-9._~+/-]{8,}|[A-Za-z0-9._~+/-]{20,})=*/gi,
    `Bearer ${PIECE}`,
    PIECE,
  ),
  inText(
    "basic credentials",
    /asic(?: |%20)/i,
    /(?<=(?:(?<![A-Za-z0-9])|\\[bfnrt])Basic(?: |%20))(?=[A-Za-z+/]{0,60}[0-9=])[A-Za-z0-9+/]{12,}={0,2}/gi,
    `Basic ${PIECE}${PIECE}==`,
    `${PIECE}${PIECE}`,
  ),
  inText(
    "user and password",
    /-u/,
    /(?<=(?:^|[\s"'])(?:-u|--user|--proxy-user)(?: {1,5}|=)["']?[^\s:"'/]{1,100}:)(?!\/\/)[^\s"']+/g,
    `curl -u admin:${PIECE} http://h`,
    PIECE,
  ),
  inText(
    "command-line key",
    /-k /,
    /(?<=\s-k {1,5}["']?)(?=[A-Za-z]{0,60}[0-9])(?=[a-z0-9]{0,60}[A-Z])(?=[A-Z0-9]{0,60}[a-z])[A-Za-z0-9]{24,}(?![^\s"'])/g,
    `bench -k ${LONG}`,
    LONG,
  ),
  inText(
    "password of a .netrc",
    /login/,
    /(?<=\blogin\s{1,5}[^\s]{1,100}\s{1,5}password\s{1,5})[^\s"']+/g,
    `machine h login u password ${PIECE}`,
    PIECE,
  ),
  inText(
    "password in an address",
    ADDRESS_TRIGGER,
    /(?<=:\/\/[^\s:@/"']{0,100}:)[^\s@/"']+(?=@)/g,
    `https://me:${PIECE}@host/x`,
    PIECE,
  ),
  inText(
    "token in an address",
    ADDRESS_TRIGGER,
    /(?<=:\/\/)(?=[^\d\s]{0,60}\d)[A-Za-z0-9_.~%-]{16,}(?=@)/g,
    `https://${LONG}@github.com/x`,
    LONG,
  ),
  inText(
    "key in an address",
    ADDRESS_TRIGGER,
    /(?<=:\/\/[^\s"'<>]{1,500}[?&](?:[A-Za-z0-9]{1,20}[-_]){0,3}(?:api[_-]?key|key|token|auth|pass|password|pwd|secret|sig|signature|jwt)=)(?:[^\s&"'<>#\\]|\\[^\s"'])+/gi,
    `https://h/v1?X-Amz-Signature=${PIECE}&b=2`,
    PIECE,
  ),
  inText(
    "key in an address",
    ADDRESS_TRIGGER,
    /(?<=:\/\/[^\s"'<>]{1,500}[?&]code=)[A-Za-z0-9_=%-]{20,}/gi,
    `https://h/v1?code=${LONG}`,
    LONG,
  ),
];
