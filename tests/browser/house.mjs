// The house: started for one life, on a free port, over a data folder of its own; its mailbox
// and its clock.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, within } from "./report.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const BINARY = resolve(process.env.ANTEROOM_BIN ?? join(ROOT, "target/debug/anteroom"));

export class House {
  #process;
  #data;
  #log = "";
  #read = new Set();

  static async open() {
    const data = await mkdtemp(join(tmpdir(), "anteroom-browser-"));
    await writeFile(join(data, "clock"), String(nextMonday()));
    const port = await freePort();
    return new House(data, port).#begin();
  }

  constructor(data, port) {
    this.#data = data;
    this.port = port;
    this.origin = `http://localhost:${port}`;
  }

  async #begin() {
    const words = ["--clock", "manual", "--data", this.#data, "--port", String(this.port)];
    this.#process = spawn(BINARY, words, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    // However this run ends, its house ends with it.
    process.once("exit", () => {
      this.#process.kill("SIGKILL");
      rmSync(this.#data, { recursive: true, force: true });
    });
    this.#process.stderr.on("data", (bytes) => (this.#log += bytes));
    let said = "";
    const isOpen = new Promise((open, fail) => {
      this.#process.stdout.on("data", (bytes) => {
        said += bytes;
        if (said.includes("closes it.")) open();
      });
      this.#process.on("error", fail);
      this.#process.on("exit", (code) => fail(new Error(`the house ended with ${code}: ${this.#log}`)));
    });
    isOpen.catch(() => {});
    await within(30_000, isOpen, "the house does not open");
    return this;
  }

  /// Ends the house's own process, and throws its data away.
  async close() {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const ended = new Promise((end) => this.#process.once("exit", end));
      this.#process.kill("SIGTERM");
      await within(10_000, ended, "the house does not close").catch((error) => {
        this.#process.kill("SIGKILL");
        throw error;
      });
    }
    await rm(this.#data, { recursive: true, force: true });
    expect(this.#process.exitCode === 0, `the house ended with ${this.#process.exitCode}`);
    expect(!/ERROR|panicked/.test(this.#log), this.#log);
  }

  at(path) {
    return `${this.origin}${path}`;
  }

  /// Opens the newest unread letter to `to` with this in its subject, in the mailbox.
  async openLetter(page, to, subject) {
    const found = await this.#find(page, to, subject);
    expect(found, `no letter to ${to} about “${subject}”`);
    this.#read.add(found);
    await page.goto(this.at(found));
    return page.locator("pre.letter");
  }

  async #find(page, to, subject) {
    for (let tries = 0; tries < 20; tries += 1) {
      const [found] = await this.unread(page, to, subject);
      if (found) return found;
      await page.waitForTimeout(150);
    }
    return null;
  }

  /// The addresses of the unread letters, the newest first.
  async unread(page, to, subject) {
    await page.goto(this.at("/house/mailbox"));
    const lines = page.locator(".mails li").filter({ hasText: `to ${to}` }).filter({ hasText: subject });
    const links = await lines.locator("a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    return links.filter((href) => !this.#read.has(href));
  }

  /// Presses the clock forward, thing by thing, until such a letter has come.
  async liveUntilLetter(page, to, subject) {
    for (let jumps = 0; jumps < 120; jumps += 1) {
      if ((await this.unread(page, to, subject)).length) return;
      await this.#forward(page);
    }
    throw new Error(`no letter to ${to} about “${subject}” ever came`);
  }

  /// Moves the clock by a span such as 45m, 6h or 3d.
  async after(page, span) {
    await page.goto(this.at("/house/clock"));
    await page.getByLabel("Or by as much as you like").fill(span);
    // A week is lived through hour by hour, and takes its time.
    await page.getByRole("button", { name: "Forward", exact: true }).click({ timeout: 45_000 });
    await page.waitForLoadState();
  }

  async #forward(page) {
    await page.goto(this.at("/house/clock"));
    await page.getByRole("button", { name: "Forward to what falls due next" }).click();
    await page.waitForLoadState();
  }
}

/// The coming Monday, 08:00 UTC: every run lives through the same days of the week.
function nextMonday() {
  const monday = new Date();
  monday.setUTCDate(monday.getUTCDate() + ((8 - monday.getUTCDay()) % 7 || 7));
  return Math.floor(monday.setUTCHours(8, 0, 0, 0) / 1000);
}

function freePort() {
  return new Promise((found, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
