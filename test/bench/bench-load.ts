/**
 * `npm run bench:load [-- --seconds 10]`: many clients at once, on SQLite and, where it is installed, on PostgreSQL. Prints one
 * table; `npm run bench` writes it into docs/benchmarks.md with the rest.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchClients } from "./clients-bench";
import { describeMachine } from "./machine";
import { buildProduct } from "./product";
import { plainTable } from "./report";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const folder = mkdtempSync(path.join(tmpdir(), "iq-bench-load-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
await buildProduct();
const machine = describeMachine(null, new Date());
const sections = await benchClients(folder, Number(values.seconds));
console.log(`${machine.text}; ${machine.date}`);
console.log(plainTable(sections));
