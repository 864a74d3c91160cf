"use client";

import { usePathname } from "next/navigation";

interface PageLink {
  href: string;
  label: string;
}

/** True for a page's own address and those below it; the first page has none below. */
function isShown(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}

/** The pages of the product; the one that is shown says so. */
export function PageLinks({ pages }: { pages: readonly PageLink[] }) {
  const pathname = usePathname();
  return pages.map(({ href, label }) => {
    const isCurrent = isShown(href, pathname);
    return (
      <a
        key={href}
        href={href}
        className={`tap hover:text-ink ${isCurrent ? "font-semibold text-ink underline decoration-2 underline-offset-4" : ""}`}
        aria-current={isCurrent ? "page" : undefined}
      >
        {label}
      </a>
    );
  });
}
