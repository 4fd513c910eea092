// Lives through the whole story in a real browser, with scripts and without.
//
//   npm ci --prefix tests/browser
//   node tests/browser/run.mjs [--screens DIR]
//
// Start reading at story.mjs.

import { chromium } from "playwright-core";

import { House } from "./house.mjs";
import { Looking } from "./checks.mjs";
import { Report } from "./report.mjs";
import { story } from "./story.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const at = process.argv.indexOf("--screens");
const screens = at < 0 ? null : process.argv[at + 1];
const executablePath = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const report = new Report();
const looking = new Looking(report, screens);
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  for (const [life, hasScript] of [["with-script", true], ["without-script", false]]) {
    report.begin(life);
    const house = await House.open();
    const lab = hasScript ? null : await browser.newContext();
    looking.begin(life, lab);
    try {
      await story({ browser, house, report, looking, hasScript });
    } catch (error) {
      report.failed("the story could not go on", error);
    } finally {
      await lab?.close();
      await report.step("the house closes and has logged no error", () => house.close());
    }
  }
} finally {
  await browser.close();
}
process.exitCode = report.close();
