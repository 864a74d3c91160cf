import { randomBytes } from "node:crypto";
import { describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../../db/client";
import { DatabaseRefusedError } from "../../../db/database-refused";
import { databaseTrouble } from "../../../db/database-trouble";
import { createDatabase, databaseName, dropDatabase, onPostgres } from "../../support/postgres-databases";
import { seededDatabase } from "./small-data";

const isPostgres = process.env.IQ_TEST_ENGINE === "postgres";

/** What opening an address says. */
async function refusal(address: string): Promise<string> {
  try {
    const db = await openDatabase(address);
    await db.engine.close();
    return "opened";
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseRefusedError);
    return databaseTrouble(error)?.message ?? "";
  }
}

function changed(change: (url: URL) => void): string {
  const url = new URL(inject("postgresUrl") ?? "");
  change(url);
  return url.href;
}

describe.runIf(isPostgres)("an address of a PostgreSQL server that cannot be used", () => {
  it("is told in one line without its password, with the way out", async () => {
    const wrong = randomBytes(8).toString("hex");
    const cases: [string, RegExp][] = [
      [changed((url) => Object.assign(url, { password: wrong })), /does not take this user with this password/],
      [
        changed((url) => Object.assign(url, { pathname: "/not_there" })),
        /has no database of this name\. Create it \(createdb/,
      ],
      [changed((url) => Object.assign(url, { port: "1" })), /nobody answers there\. Start the server/],
      [changed((url) => Object.assign(url, { hostname: "no-such-host.invalid" })), /there is no host of this name/],
      ["postgres://user:pass word@ho st:x/name", /expected postgres:\/\/user:password@host\/database/],
    ];
    const password = new URL(inject("postgresUrl") ?? "").password;
    for (const [address, words] of cases) {
      const said = await refusal(address);
      expect(said).toMatch(words);
      expect(said).not.toMatch(/\n/);
      for (const secret of [wrong, password, "pass word"]) expect(said).not.toContain(secret);
    }
  });

  it("is refused where the database's encoding cannot hold every text", async () => {
    const server = inject("postgresUrl") ?? "";
    const name = databaseName();
    await onPostgres(server, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'`),
    );
    onTestFinished(() => dropDatabase(server, name));
    const said = await refusal(changed((url) => Object.assign(url, { pathname: `/${name}` })));
    expect(said).toMatch(/has the encoding SQL_ASCII, which cannot hold every text\. Create one with UTF8/);
  });

  it("is refused where the user may make no tables", async () => {
    const server = inject("postgresUrl") ?? "";
    const name = databaseName();
    await createDatabase(server, name);
    onTestFinished(async () => {
      await dropDatabase(server, name);
      await onPostgres(server, (client) => client.query(`DROP ROLE ${name}`));
    });
    const password = randomBytes(8).toString("hex");
    await onPostgres(server, (client) => client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`));
    const said = await refusal(
      changed((url) => Object.assign(url, { pathname: `/${name}`, username: name, password })),
    );
    expect(said).toMatch(/this user may not do what is needed there/);
    expect(said).not.toContain(password);
  });
});

describe("a database another program holds locked", () => {
  it("is given up on, in words, and nothing is stored", async () => {
    vi.stubEnv("IQ_DATABASE_LOCK_TIMEOUT_MS", "300");
    onTestFinished(() => void vi.unstubAllEnvs());
    const db = await seededDatabase();
    const other = await openDatabase(isPostgres ? addressOf(db.engine.name) : db.engine.name);
    onTestFinished(() => other.engine.close());
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const holding = other.engine.write(async () => {
      hasBegun();
      await held;
    });
    await begun;
    const failed = await db.engine.write(async () => "stored").catch((error: unknown) => databaseTrouble(error));
    expect(failed).toMatchObject({ isPassing: true, message: expect.stringMatching(/nothing was stored\. Try again/) });
    letGo();
    await holding;
    vi.unstubAllEnvs();
    expect(await db.engine.write(async () => "stored")).toBe("stored");
  });
});

/** The address a message of ours names, with the password it leaves out. */
function addressOf(name: string): string {
  const { pathname } = new URL(name);
  return changed((url) => Object.assign(url, { pathname }));
}
