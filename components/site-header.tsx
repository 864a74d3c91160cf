import { formatCount } from "@/lib/format";

const PAGES: { href: string; label: string; wideOnly?: boolean }[] = [
  { href: "/", label: "Explore", wideOnly: true },
  { href: "/runs", label: "Runs" },
  { href: "/upload", label: "Add reports" },
  { href: "/cluster", label: "Your cluster", wideOnly: true },
  { href: "/method", label: "Method" },
];

/** Name of the product, its pages, and which data is newest. */
export function SiteHeader({ revision, loadPoints }: { revision: number; loadPoints: number }) {
  return (
    <header className="border-line border-b">
      <div className="mx-auto flex min-h-[48px] max-w-[1440px] flex-wrap items-center gap-x-3 px-4 sm:gap-x-7 sm:px-8">
        <a href="/" className="whitespace-nowrap font-[650] tracking-[-0.01em]">
          Inference Quickstart
        </a>
        <nav aria-label="Pages" className="flex gap-3 whitespace-nowrap text-[13px] text-muted sm:gap-5 sm:text-[14px]">
          {PAGES.map(({ href, label, wideOnly }) => (
            <a key={href} href={href} className={`hover:text-ink ${wideOnly === true ? "max-sm:hidden" : ""}`}>
              {label}
            </a>
          ))}
        </nav>
        <span className="ml-auto whitespace-nowrap text-[13px] text-muted max-md:hidden">
          newest data: revision {formatCount(revision)} · {formatCount(loadPoints)} load points
        </span>
      </div>
    </header>
  );
}
