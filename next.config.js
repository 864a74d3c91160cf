/** @type {import("next").NextConfig} */
const nextConfig = {
  // The database driver is a native module: required at run time, never bundled.
  serverExternalPackages: ["better-sqlite3"],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Browsers ask for it while a page is exchanged and its own icon is not there for a moment.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  // No other site's page may frame these: a click meant for it would retire a run.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Content-Security-Policy", value: "frame-ancestors 'none'" },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Referrer-Policy", value: "same-origin" },
      ],
    },
  ],
  // `npm run check` type-checks everything, tests included; a start must not wait for it again.
  typescript: { ignoreBuildErrors: true },
};

export default nextConfig;
