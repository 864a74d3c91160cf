/** A page of this server as one file that opens anywhere: no scripts, styles and fonts inside, links with their whole address. */

/** Parts that need the server: they would do nothing in a file. */
const LEFT_OUT = "script, noscript, link:not([rel=stylesheet]), [data-exports], form, template";

async function asDataAddress(address: string): Promise<string> {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error(`${address} could not be read.`));
    reader.readAsDataURL(blob);
  });
}

async function styleText(address: string): Promise<string> {
  let text = await (await fetch(address)).text();
  for (const [whole, quoted = ""] of text.matchAll(/url\((["']?[^)"']+["']?)\)/g)) {
    const named = quoted.replace(/["']/g, "");
    if (named.startsWith("data:")) continue;
    text = text.replaceAll(whole, `url(${await asDataAddress(new URL(named, address).href)})`);
  }
  return text;
}

/**
 * The page at an address as the text of one HTML file.
 * @throws where the page cannot be read
 */
export async function pageSnapshot(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The page could not be read: status ${response.status}.`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of page.querySelectorAll(LEFT_OUT)) part.remove();
  for (const sheet of page.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    const style = page.createElement("style");
    style.textContent = await styleText(new URL(sheet.getAttribute("href") ?? "", address).href);
    sheet.replaceWith(style);
  }
  for (const link of page.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (!href.startsWith("#")) link.setAttribute("href", new URL(href, address).href);
  }
  // What opens an editor cannot: it stays as the words of the question.
  for (const button of page.querySelectorAll("main button")) {
    const words = page.createElement("span");
    words.className = button.className;
    words.append(...button.childNodes);
    button.replaceWith(words);
  }
  const charset = page.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  page.head.prepend(charset);
  const notice = page.createElement("p");
  notice.className = "mx-auto max-w-[1440px] px-4 py-2 text-[13px] text-muted sm:px-8";
  notice.setAttribute("data-snapshot", "");
  notice.textContent = `A copy of ${address}, saved ${new Date().toISOString().slice(0, 10)}.`;
  page.body.prepend(notice);
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}
