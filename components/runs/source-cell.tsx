import { licenceUrl, safeUrl } from "@/lib/source-links";

interface SourceProps {
  name: string;
  url: string | null;
  licence: string | null;
}

/** Who measured, as a link where the source says where it is. */
export function SourceName({ name, url }: Omit<SourceProps, "licence">) {
  const href = safeUrl(url);
  if (href === null) return <>{name}</>;
  return (
    <a className="link" href={href} rel="noreferrer noopener">
      {name}
    </a>
  );
}

/** The licence the figures come under, as a link to its text where it is one everybody knows. */
export function Licence({ licence }: Pick<SourceProps, "licence">) {
  const href = licenceUrl(licence);
  if (href === null) return <>{licence ?? "no licence stated"}</>;
  return (
    <a className="link" href={href} rel="noreferrer noopener">
      {licence}
    </a>
  );
}
