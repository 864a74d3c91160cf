import type { Metadata } from "next";
import { MethodView } from "@/components/method/method-view";
import { database } from "@/db/client";
import { getMethodCheck } from "@/db/queries/get-method-check";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Method" };

export default async function MethodPage() {
  return <MethodView check={await getMethodCheck(database())} />;
}
