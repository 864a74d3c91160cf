import type { Metadata } from "next";
import { ClusterView } from "@/components/cluster/cluster-view";
import { PLATFORM_IDS } from "@/lib/manifests/platforms/all";

export const metadata: Metadata = { title: "Your cluster" };

interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The page reads what is pasted in the browser; of the address it takes the configuration whose manifest is checked. */
export default async function ClusterPage({ searchParams }: PageProps) {
  const { configuration, ...rest } = await searchParams;
  const configurationId = Array.isArray(configuration) ? configuration[0] : configuration;
  const search = new URLSearchParams(
    Object.entries(rest).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((text): [string, string][] =>
        text === undefined ? [] : [[name, text]],
      ),
    ),
  );
  const manifest = configurationId === undefined ? null : { configurationId, search: `${search}` };
  return <ClusterView manifest={manifest} platforms={PLATFORM_IDS} />;
}
