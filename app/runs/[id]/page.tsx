import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RunView } from "@/components/runs/run-view";
import { readingDatabase } from "@/db/client";
import { serverAccess } from "@/lib/api/server-access";
import { printable } from "@/lib/printable";
import { formRefusal } from "@/lib/runs/form-refusal";
import { getRunPage } from "@/server/pages/get-run-page";

interface PageProps {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Run ${printable((await params).id)}` };
}

/** One run; a retired one is still here. */
export default async function RunDetailPage({ params }: PageProps) {
  const page = await getRunPage(await readingDatabase(), (await params).id);
  if (page === null) notFound();
  return <RunView page={page} formRefusal={formRefusal(serverAccess(process.env))} />;
}
