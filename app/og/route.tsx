import { readFile } from "node:fs/promises";
import path from "node:path";
import { ImageResponse } from "next/og";
import { explorerChart } from "@/components/explorer/explorer-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import { socialPicture } from "@/components/social/social-picture";
import { readingDatabase } from "@/db/client";
import { projectRoot } from "@/db/project-root";
import { listAccelerators } from "@/db/queries/list-accelerators";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { rawParams } from "@/lib/params/param";
import { getShownElsewhere } from "@/server/pages/get-shown-elsewhere";

/** What sites and chats show of a link. */
const WIDTH = 1200;
const HEIGHT = 630;
const MAX_HEADLINE = 110;

const FONTS = path.join(projectRoot(), "node_modules", "geist", "dist", "fonts", "geist-sans");

let fonts: Promise<{ name: string; data: Buffer; weight: 400 | 700; style: "normal" }[]> | null = null;

function loadFonts() {
  fonts ??= Promise.all(
    (
      [
        ["Geist-Regular.ttf", 400],
        ["Geist-Bold.ttf", 700],
      ] as const
    ).map(async ([file, weight]) => ({
      name: "Geist",
      data: await readFile(path.join(FONTS, file)),
      weight,
      style: "normal" as const,
    })),
  );
  return fonts;
}

function shortened(text: string): string {
  return text.length > MAX_HEADLINE ? `${text.slice(0, MAX_HEADLINE - 1)}…` : text;
}

/** The picture of a question for previews of its link: the answer, the chart, where the figures come from. */
export async function GET(request: Request): Promise<Response> {
  const { query } = parseExplorerQuery(rawParams(new URL(request.url).searchParams));
  const db = await readingDatabase();
  const shown = await getShownElsewhere(db, query);
  if (shown === null) return Response.json({ error: "There is no such revision." }, { status: 404 });
  const { data, asked, view, headline, words } = shown;
  const picture = socialPicture(
    explorerChart(data, view, asked),
    limitOn(view.question.slos, view.axes),
    await listAccelerators(db, data.revision.id),
  );
  return new ImageResponse(
    <div
      style={{
        width: WIDTH,
        height: HEIGHT,
        display: "flex",
        flexDirection: "column",
        background: "#ffffff",
        color: "#16181d",
        fontFamily: "Geist",
        padding: "26px 26px 20px",
      }}
    >
      <div style={{ display: "flex", fontSize: 40, fontWeight: 700, letterSpacing: "-0.015em" }}>
        {headline?.[0]?.text ?? "No measured configuration meets these targets"}
      </div>
      <div style={{ display: "flex", fontSize: 26, marginTop: 4 }}>
        {shortened(
          headline === null
            ? words.title
            : headline
                .slice(1)
                .map((phrase) => phrase.text)
                .join("")
                .trim(),
        )}
      </div>
      <div style={{ display: "flex", fontSize: 22, marginTop: 4, color: "#596170" }}>
        {shortened(`${words.title}: ${words.asked}`)}
      </div>
      <div
        style={{ display: "flex", position: "relative", width: picture.width, height: picture.height, marginTop: 10 }}
      >
        {/* biome-ignore lint/performance/noImgElement: drawn on the server, into a picture */}
        <img
          alt=""
          width={picture.width}
          height={picture.height}
          src={`data:image/svg+xml;base64,${Buffer.from(picture.svg).toString("base64")}`}
        />
        {picture.texts.map((item) => (
          <div
            key={`${item.text} ${item.left} ${item.top}`}
            style={{
              display: "flex",
              position: "absolute",
              left: item.left,
              top: item.top,
              fontSize: item.size,
              color: item.colour,
              fontWeight: item.isBold ? 700 : 400,
              lineHeight: 1,
              whiteSpace: "nowrap",
            }}
          >
            {item.text}
          </div>
        ))}
      </div>
      <div
        style={{ display: "flex", justifyContent: "space-between", fontSize: 18, color: "#596170", marginTop: "auto" }}
      >
        <span>Inference Quickstart</span>
        <span>{shortened(words.source)}</span>
      </div>
    </div>,
    {
      width: WIDTH,
      height: HEIGHT,
      fonts: await loadFonts(),
      headers: {
        // A pinned question is answered alike for ever.
        "cache-control": query.revision === null ? "no-cache" : "public, max-age=31536000, immutable",
      },
    },
  );
}
