/**
 * Address under which others reach this server (`IQ_PUBLIC_URL`, without trailing slash), for links inside manifests.
 * `""` when not set: links are then paths on whichever server has the data, and the same on page and command line.
 * @throws when the variable is no plain http(s) address: a name and a password in it would stand in every manifest
 */
export function publicUrl(): string {
  const named = process.env.IQ_PUBLIC_URL ?? "";
  if (named === "") return "";
  if (!/^https?:\/\//.test(named) || !URL.canParse(named)) {
    throw new Error(`IQ_PUBLIC_URL is "${named}": expected an address such as https://quickstart.example.org.`);
  }
  const { username, password, origin, pathname, search, hash } = new URL(named);
  if (`${username}${password}${search}${hash}` !== "") {
    throw new Error(
      `IQ_PUBLIC_URL holds a name, a password or parameters, which every manifest would show: expected an address alone, such as ${origin}${pathname.replace(/\/+$/, "")}.`,
    );
  }
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
