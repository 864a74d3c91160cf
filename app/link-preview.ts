import type { Metadata } from "next";
import { headers } from "next/headers";
import { publicUrl } from "@/server/public-url";

/**
 * What sites and chats show of a link.
 * @param search search string of the question, for its picture
 */
export async function linkPreview(title: string, description: string, search: string): Promise<Metadata> {
  const host = (await headers()).get("host") ?? "localhost";
  const origin = publicUrl() || `http://${host}`;
  const image = { url: `${origin}/og?${search}`, width: 1200, height: 630, alt: title };
  return {
    // The first page is in the root segment, whose own template Next does not apply to it.
    title: { absolute: `${title} · Inference Quickstart` },
    description,
    openGraph: { title, description, siteName: "Inference Quickstart", type: "website", images: [image] },
    twitter: { card: "summary_large_image", title, description, images: [image.url] },
  };
}
