import { FRAMED_HEADERS, FRAMED_PATH, SECURITY_HEADERS } from "./scripts/start/security-headers.js";

/** @param {Record<string, string>} headers */
const asList = (headers) => Object.entries(headers).map(([key, value]) => ({ key, value }));

/** @type {import("next").NextConfig} */
const nextConfig = {
  // The database driver is a native module: required at run time, never bundled.
  serverExternalPackages: ["better-sqlite3"],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Browsers ask for it while a page is exchanged and its own icon is not there for a moment.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  headers: async () => [
    { source: `/((?!${FRAMED_PATH.slice(1)}$).*)`, headers: asList(SECURITY_HEADERS) },
    { source: FRAMED_PATH, headers: asList(FRAMED_HEADERS) },
  ],
  // `npm run check` type-checks everything, tests included; a start must not wait for it again.
  typescript: { ignoreBuildErrors: true },
};

export default nextConfig;
