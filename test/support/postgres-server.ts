import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port";
import { postgresPrograms } from "./postgres-programs";

/** A server of PostgreSQL that belongs to the tests. */
export interface PostgresServer {
  /** Its database `postgres`, by its superuser, with a password, so that a message that repeats the password shows. */
  url: string;
  /** Ends the server, whoever is connected, and deletes all it had. */
  stop(): Promise<void>;
  /** Ends the server, whoever is connected, and starts it again at the same address with all it had. */
  restart(): Promise<void>;
  /** Ends the server, whoever is connected, and keeps all it has for {@link start}. */
  halt(): Promise<void>;
  /** Starts it again, at the same address. */
  start(): Promise<void>;
}

/** What a power cut would lose does not matter here, and few connections need little memory. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "shared_buffers=32MB",
];

/** Somebody else may take a free port before the server does. */
const PORTS_TRIED = 3;

/** Lines of the server's log shown when it does not start. */
const LOG_LINES_SHOWN = 30;

/**
 * A shell that keeps the server, because the end of its input tells it that the tests have ended, in whatever way, even killed: it
 * then ends the server and deletes the folder. Each line it reads is an order, answered by `done` or `failed`.
 *
 * The server sorts texts as English does where it can, as most servers do, so that a question which relies on the order of bytes
 * and does not say so shows.
 */
const KEEPER = `
programs=$1 folder=$2 settings=$3
initialise() {
  "$programs/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile "$folder/password" -E UTF8 --locale=C --no-sync "$@"
}
control() {
  "$programs/pg_ctl" "$@" -D "$folder/data" -l "$folder/log" -w
}
while read -r order port; do
  {
    case $order in
      initialise) initialise --locale-provider=icu --icu-locale=en || initialise ;;
      start) control start -o "-p $port $settings" ;;
      restart) control restart -m fast ;;
      halt) control stop -m fast ;;
    esac
  } </dev/null >>"$folder/log" 2>&1 && echo done || echo failed
done
control stop -m immediate </dev/null >/dev/null 2>&1
rm -rf "$folder"
`;

/**
 * Starts a server of its own in a temporary folder, on a free port of this machine. Nothing of it is left when it is stopped or
 * this process ends.
 * @param others settings in the place of the tests' own, such as `shared_buffers=1GB`
 * @returns `null` where PostgreSQL is not installed
 * @throws with the server's log where it is installed and does not start
 */
export async function startPostgres(others: readonly string[] = []): Promise<PostgresServer | null> {
  const programs = postgresPrograms();
  if (programs === null) return null;
  const user = serverUser();
  const folder = mkdtempSync(path.join(tmpdir(), "iq-postgres-"));
  const password = randomBytes(12).toString("hex");
  const passwordFile = path.join(folder, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== null) for (const file of [passwordFile, folder]) chownSync(file, user.uid, user.gid);

  // Of two settings of a name the server takes the last.
  const settings = [...SETTINGS, ...others].map((setting) => `-c ${setting}`).join(" ");
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", programs, folder, settings], {
    cwd: folder,
    // A group of its own: Ctrl-C must not end it before it has cleaned up.
    detached: true,
    ...user,
  });
  const answers = createInterface(keeper.stdout)[Symbol.asyncIterator]();
  const order = async (line: string): Promise<boolean> => {
    keeper.stdin.write(`${line}\n`);
    const answer = await answers.next();
    return answer.value === "done";
  };
  const orderOrFail = async (line: string): Promise<void> => {
    if (await order(line)) return;
    const log = readFileSync(path.join(folder, "log"), "utf8").trim().split("\n").slice(-LOG_LINES_SHOWN).join("\n");
    throw new Error(`PostgreSQL in ${programs} did not ${line}:\n${log}`);
  };

  try {
    await orderOrFail("initialise");
    const port = await startOnFreePort(order, orderOrFail);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      stop: () => endOf(keeper),
      restart: () => orderOrFail("restart"),
      halt: () => orderOrFail("halt"),
      start: () => orderOrFail(`start ${port}`),
    };
  } catch (error) {
    await endOf(keeper);
    throw error;
  }
}

async function startOnFreePort(
  order: (line: string) => Promise<boolean>,
  orderOrFail: (line: string) => Promise<void>,
): Promise<number> {
  for (let tries = 1; tries < PORTS_TRIED; tries++) {
    const port = await freePort();
    if (await order(`start ${port}`)) return port;
  }
  const port = await freePort();
  await orderOrFail(`start ${port}`);
  return port;
}

async function endOf(keeper: ChildProcessWithoutNullStreams): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = once(keeper, "exit");
  keeper.stdin.end();
  await ended;
}

/** PostgreSQL refuses to run as root: whom it runs as there. */
function serverUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const user = users.find(([user]) => user === name);
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: add one.");
}
