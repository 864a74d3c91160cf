/**
 * Address under which others reach this server (`IQ_PUBLIC_URL`, without trailing slash), for links inside manifests.
 * `""` when not set: links are then paths on whichever server has the data, and the same on page and command line.
 * @throws when the variable is not an http(s) address
 */
export function publicUrl(): string {
  const named = process.env.IQ_PUBLIC_URL ?? "";
  if (named === "") return "";
  if (!/^https?:\/\//.test(named) || !URL.canParse(named)) {
    throw new Error(`IQ_PUBLIC_URL is "${named}": expected an address such as https://quickstart.example.org.`);
  }
  return named.replace(/\/+$/, "");
}
