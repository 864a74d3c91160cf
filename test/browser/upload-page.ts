import type { Locator, Page } from "playwright-core";
import { seenText } from "./browser";
import { servedProduct } from "./served-product";

/** The page to add reports as its reader knows it. */
export class UploadPage {
  constructor(readonly page: Page) {}

  /** Chooses files by the button. */
  async chooseFiles(files: Parameters<Locator["setInputFiles"]>[0]): Promise<void> {
    await this.ready();
    await this.page.getByLabel("Choose files").setInputFiles(files);
  }

  /** Chooses a folder by the button. */
  async chooseFolder(folder: string): Promise<void> {
    await this.ready();
    await this.page.getByLabel("Choose a folder").setInputFiles(folder);
  }

  /** Drops files or folders of the disk on the page, as a hand would. */
  async drop(paths: string[]): Promise<void> {
    await this.ready();
    const session = await this.page.context().newCDPSession(this.page);
    const box = await this.page.locator("[data-drop-zone]").boundingBox();
    const place = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 };
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await session.send("Input.dispatchDragEvent", { type, ...place, data });
    }
    await session.detach();
  }

  /** The script is here. */
  async ready(): Promise<void> {
    await this.page.locator("[data-upload][data-ready]").waitFor();
  }

  async preview(): Promise<string> {
    await this.page.locator('[data-upload="preview"]').waitFor();
    return seenText(this.page.locator("[data-preview]"));
  }

  summary(): Promise<string> {
    return seenText(this.page.locator("[data-summary]"));
  }

  async checkAgain(): Promise<string> {
    await this.page.getByRole("button", { name: "Check again" }).last().click();
    await this.page.locator('[data-upload="preview"] [data-preview][aria-busy="false"]').waitFor();
    return this.preview();
  }

  storeButton(): Locator {
    return this.page.getByRole("button", { name: /^Store / });
  }

  /** What the folder's form asks for. */
  form(directory: string): Locator {
    return this.page.locator(`[data-directory="${directory}"]`);
  }

  message(): Locator {
    return this.page.getByRole("alert").and(this.page.locator("[data-message]"));
  }
}

/** Which data the server has: `revision 3 · 7,450 load points`. */
export async function dataset(): Promise<string> {
  const html = await (await fetch(`${servedProduct().baseUrl}/method`)).text();
  return /newest data: (revision .*? load points)/.exec(html.replaceAll("<!-- -->", ""))?.[1] ?? "";
}
