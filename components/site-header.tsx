import { formatCount } from "@/lib/format";
import { PageLinks } from "./page-links";
import { ThemeChoice } from "./theme-choice";

const PAGES = [
  { href: "/", label: "Explore" },
  { href: "/table", label: "Table" },
  { href: "/runs", label: "Runs" },
  { href: "/upload", label: "Add reports" },
  { href: "/cluster", label: "Your cluster" },
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
        <nav
          aria-label="Pages"
          className="flex flex-wrap gap-x-2.5 whitespace-nowrap text-[12.5px] text-muted max-sm:order-last max-sm:w-full max-sm:pb-1 sm:gap-5 sm:text-[14px]"
        >
          <PageLinks pages={PAGES} />
        </nav>
        <span className="ml-auto whitespace-nowrap text-[13px] text-muted max-md:hidden">
          newest data: revision {formatCount(revision)} · {formatCount(loadPoints)} load points
        </span>
        <span className="text-[13px] text-muted max-md:ml-auto">
          <ThemeChoice />
        </span>
      </div>
    </header>
  );
}
