/** @type {import("next").NextConfig} */
const nextConfig = {
  // The database driver is a native module: required at run time, never bundled.
  serverExternalPackages: ["better-sqlite3"],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run check` type-checks everything, tests included; a start must not wait for it again.
  typescript: { ignoreBuildErrors: true },
};

export default nextConfig;
