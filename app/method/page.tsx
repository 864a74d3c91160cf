import type { Metadata } from "next";
import { MethodView } from "@/components/method/method-view";
import { readingDatabase } from "@/db/client";
import { methodCheck } from "@/server/method-check";

export const metadata: Metadata = { title: "Method" };

export default async function MethodPage() {
  return <MethodView check={await methodCheck(await readingDatabase())} />;
}
