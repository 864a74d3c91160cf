import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import { BLANKED, type Edit, REDACTED } from "./edits";
import {
  isNamedItem,
  isNameKey,
  isValueKey,
  kindInList,
  PRIVATE_KEY_BEGINS,
  privateKeyLine,
  withoutTextSecrets,
} from "./json-secrets";
import { isSecretValue, kindOfKey } from "./secret-keys";
import { mayHoldSecret, type NextNamed, nextNamed } from "./text-secrets";

/**
 * Where values of keys that name secrets stand in YAML text, by the parser's own source ranges; and texts without quotes that
 * would be no text any more once the search in text has blanked a part of them (`[redacted] b`). What the parser does not
 * understand is left to that search.
 */
export function secretsInYaml(text: string): Edit[] {
  const edits: Edit[] = [];
  try {
    // Keys stated twice are no matter here, and looking for them takes the square of their number.
    for (const document of [...parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false })]) {
      addSecretsOf(document, text, edits);
    }
  } catch {
    return edits;
  }
  return edits;
}

function addSecretsOf(document: Document, text: string, edits: Edit[]): void {
  const isWhole = document.errors.length === 0 && !isScalar(document.contents);
  const blankedNodes = new Set<Node>();
  const quotedLater: (() => void)[] = [];
  const blank = (node: Node, name: string, blanked = REDACTED): void => {
    if (!node.range || blankedNodes.has(node)) return;
    blankedNodes.add(node);
    const [start, end] = node.range;
    const newline = text.slice(start, end).endsWith("\n") ? "\n" : "";
    edits.push({ start, end, text: `${blanked}${newline}`, name });
  };
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  visit(document, {
    Pair(_, pair, ancestors) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const kind = kindOfKey(key);
      const target = resolved(pair.value);
      if (kind === "open" || target === undefined || target === null) return undefined;
      const parents = ancestors.flatMap((step) => (isPair(step) && isScalar(step.key) ? [String(step.key.value)] : []));
      const name = [...parents, key].join(".");
      if (isScalar(target)) {
        const { value } = target;
        const isText = typeof value === "string";
        const isNumber = typeof value === "number" || typeof value === "bigint";
        if (isText ? !isSecretValue(kind, value) : !(isNumber && kind === "secret")) return undefined;
        blank(target, name);
        return visit.SKIP;
      }
      if (kind === "secret" && (isMap(target) || isSeq(target))) {
        if (target.items.length === 0) return undefined;
        blank(target, name);
        return visit.SKIP;
      }
      if (isSeq(target)) {
        for (const item of target.items) {
          const scalar = resolved(item);
          if (isScalar(scalar) && typeof scalar.value === "string" && isSecretValue(kindInList(kind), scalar.value)) {
            blank(scalar, name);
          }
        }
      }
      return undefined;
    },
    Scalar(_, scalar, ancestors) {
      const { type, value } = scalar;
      if (!isWhole || type !== "PLAIN" || typeof value !== "string" || !mayHoldSecret(value)) return;
      const blanked = withoutTextSecrets(value);
      const inFlow = ancestors.some((step) => isCollection(step) && step.flow === true);
      if (blanked.redacted.length === 0 || !(inFlow || blanked.text.startsWith(BLANKED))) return;
      quotedLater.push(() => blank(scalar, blanked.redacted.join(", "), JSON.stringify(blanked.text)));
    },
    Map(_, map) {
      const textOf = (is: (key: string) => boolean) => {
        const pair = map.items.find(({ key }) => isScalar(key) && is(String(key.value)));
        const node = resolved(pair?.value);
        return isScalar(node) ? node : null;
      };
      const value = textOf(isValueKey);
      const name = value === null ? null : textOf(isNameKey);
      if (value === null || name === null || typeof name.value !== "string") return;
      const named = nextNamed(name.value);
      if (named !== null && isSecretValue(named.kind, String(value.value ?? ""))) blank(value, name.value);
    },
    Seq(_, seq) {
      let named: NextNamed | null = null;
      let inPrivateKey = false;
      for (const item of seq.items) {
        const value = isScalar(item) && typeof item.value === "string" ? item.value : null;
        if (value === null || !isScalar(item)) {
          named = null;
          continue;
        }
        if (inPrivateKey) {
          const { isSecret, goesOn } = privateKeyLine(value);
          inPrivateKey = goesOn;
          if (isSecret) blank(item, "private key");
        } else if (named !== null && isNamedItem(named, value)) {
          blank(item, "value behind its name", item.type === "PLAIN" ? BLANKED : REDACTED);
          named = null;
        } else {
          inPrivateKey = PRIVATE_KEY_BEGINS.test(value);
          named = nextNamed(value);
        }
      }
    },
  });
  // What is blanked as a whole, for its key, comes first: an alias may name the key only further down.
  for (const quote of quotedLater) quote();
}
