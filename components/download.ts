/** Saves a file the page has made. */
export function download(content: Blob | string, fileName: string, mediaType = "text/csv"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type: mediaType }) : content);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
