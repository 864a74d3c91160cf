/** A chart on screen as a picture of its own: with its question, where its figures come from, and its link. */

/** What stands above and below the chart. */
export interface PictureWords {
  title: string;
  asked: string;
  source: string;
  link: string;
}

/** What a style sheet of ours sets on parts of a chart: a file has no style sheet. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
  "paint-order",
  "text-anchor",
];
const HEAD_PX = 58;
const FOOT_PX = 50;
/** Twice as many pixels as on screen, for slides. */
const PNG_SCALE = 2;
const NAMESPACE = "http://www.w3.org/2000/svg";

/** The picture of a chart that is on screen. @throws where the chart is not there */
function pictureOf(chart: Element, words: PictureWords): { svg: SVGSVGElement; width: number; height: number } {
  const shown = [...chart.querySelectorAll("svg")].find((svg) => svg.getBoundingClientRect().width > 0);
  if (shown === undefined) throw new Error("There is no chart on this page.");
  const { width, height } = shown.getBoundingClientRect();
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = [shown, ...shown.querySelectorAll("*")];
  for (const [index, part] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const original = originals[index];
    if (original === undefined || !(part instanceof SVGElement)) continue;
    const computed = getComputedStyle(original);
    for (const name of STYLES) part.setAttribute(name, computed.getPropertyValue(name));
    for (const name of ["class", "style", "tabindex", "role", "data-owner"]) part.removeAttribute(name);
  }
  // For the pointer and the keyboard alone.
  for (const part of copy.querySelectorAll("[data-focus], [data-live-only]")) part.remove();
  copy.setAttribute("x", "0");
  copy.setAttribute("y", String(HEAD_PX));
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("overflow", "visible");

  const page = getComputedStyle(document.body);
  const svg = document.createElementNS(NAMESPACE, "svg");
  const whole = Math.ceil(height) + HEAD_PX + FOOT_PX;
  svg.setAttribute("xmlns", NAMESPACE);
  svg.setAttribute("viewBox", `0 0 ${Math.ceil(width)} ${whole}`);
  svg.setAttribute("width", String(Math.ceil(width)));
  svg.setAttribute("height", String(whole));
  svg.setAttribute("font-family", "Geist, system-ui, sans-serif");
  const ground = document.createElementNS(NAMESPACE, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", page.backgroundColor);
  svg.append(
    ground,
    line(words.title, 16, 24, { size: 16, weight: 650, fill: page.color, width }),
    line(words.asked, 16, 44, { size: 13, weight: 400, fill: page.color, width }),
    copy,
    line(words.source, 16, whole - 28, { size: 11, weight: 400, fill: page.color, width }),
    line(words.link, 16, whole - 12, { size: 11, weight: 400, fill: page.color, width }),
  );
  return { svg, width: Math.ceil(width), height: whole };
}

/** Widest of a letter, as a share of its size. */
const CHARACTER_SHARE = 0.56;

function line(
  text: string,
  x: number,
  y: number,
  { size, weight, fill, width }: { size: number; weight: number; fill: string; width: number },
): SVGTextElement {
  const element = document.createElementNS(NAMESPACE, "text");
  element.setAttribute("x", String(x));
  element.setAttribute("y", String(y));
  element.setAttribute("font-size", String(size));
  element.setAttribute("font-weight", String(weight));
  element.setAttribute("fill", fill);
  element.textContent = text;
  // A long link is told whole, in smaller letters.
  const wanted = text.length * size * CHARACTER_SHARE;
  if (wanted > width - 2 * x) {
    element.setAttribute("textLength", String(width - 2 * x));
    element.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
  return element;
}

/** The chart as an SVG file. */
export function chartSvg(chart: Element, words: PictureWords): Blob {
  const { svg } = pictureOf(chart, words);
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/** The chart as a PNG file. @throws where the browser cannot draw it */
export async function chartPng(chart: Element, words: PictureWords): Promise<Blob> {
  const { svg, width, height } = pictureOf(chart, words);
  const address = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob === null ? reject(new Error("The picture could not be drawn.")) : resolve(blob))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
