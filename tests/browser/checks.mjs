// What is looked at on every distinct page, at the width of a telephone and of a desk.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 1280];

export class Looking {
  #seen = new Set();
  #again = new Set();

  constructor(report, screens) {
    this.report = report;
    this.screens = screens;
  }

  /// From here on, pages are looked at as they are in this life; `lab` is a browser with scripts,
  /// where the readers have none.
  begin(life, lab) {
    this.folder = this.screens && join(this.screens, life);
    this.lab = lab;
    this.#again = new Set();
  }

  /// Looks a page over, once for each name; once more without scripts, if the page has one.
  async at(page, name) {
    const hasScript = await page.evaluate(() => document.scripts.length > 0);
    const seen = hasScript ? this.#again : this.#seen;
    if (seen.has(name)) return;
    this.#seen.add(name);
    this.#again.add(name);
    if (this.folder) await mkdir(this.folder, { recursive: true });
    const wrongs = [];
    for (const width of WIDTHS) {
      await asHighAsItIs(page, width);
      wrongs.push(...(await violations(page, this.lab, width)).map((words) => `at ${width} px: ${words}`));
      if (this.folder) await this.#picture(page, name, width);
    }
    wrongs.push(...(await overflows(page)), ...(await deadEnds(page)));
    await page.setViewportSize({ width: 1280, height: 800 });
    const words = `looks right: ${name}`;
    if (wrongs.length) this.report.failed(words, wrongs);
    else this.report.passed(words);
  }

  async #picture(page, name, width) {
    const number = String(this.#again.size).padStart(2, "0");
    const path = join(this.folder, `${number}-${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${width}.png`);
    await asHighAsItIs(page, width);
    await page.screenshot({ path });
  }
}

/// A window as high as the page: what sticks to its foot stands at the foot, and covers nothing by
/// the accident of where the window ends.
async function asHighAsItIs(page, width) {
  await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height });
}

/// What axe finds. Where the reader has no script, axe has none either: it looks at the same
/// document in a browser that has one.
async function violations(page, lab, width) {
  if (!lab) return axe(page);
  const url = page.url();
  const body = (await page.content()).replaceAll(/<script[^>]*><\/script>/g, "");
  const copy = await lab.newPage();
  await copy.route(url, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await copy.goto(url);
  await asHighAsItIs(copy, width);
  const found = await axe(copy);
  await copy.close();
  return found;
}

async function axe(page) {
  // A colour that is on its way to another is neither of them.
  await page.evaluate(() => document.getAnimations().forEach((one) => one.finish()));
  await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    const options = { runOnly, resultTypes: ["violations"], iframes: false, preload: false };
    const { violations } = await globalThis.axe.run(document, options);
    const places = (nodes) => nodes.map((node) => node.html.slice(0, 160)).join(" | ");
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${places(nodes)}`);
  }, TAGS);
}

/// Nothing stands out on a screen of 1280 px at 200 % zoom, nor at 320 px.
async function overflows(page) {
  const session = await page.context().newCDPSession(page);
  const zoomed = { width: 640, height: 400, deviceScaleFactor: 2, mobile: false };
  await session.send("Emulation.setDeviceMetricsOverride", zoomed);
  const wrongs = await tooWide(page, "200 % zoom");
  await session.send("Emulation.clearDeviceMetricsOverride");
  await session.detach();
  await page.setViewportSize({ width: 320, height: 640 });
  return [...wrongs, ...(await tooWide(page, "320 px"))];
}

async function tooWide(page, where) {
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const isOut = (element) => room + 1 < element.getBoundingClientRect().right;
    const out = [...document.body.querySelectorAll("*")].filter(isOut).slice(-3);
    return [out.map((element) => element.outerHTML.slice(0, 120)).join(" | ")];
  });
  return wide.map((words) => `too wide at ${where}: ${words}`);
}

/// Every link within the page, and every description of a field, leads somewhere.
async function deadEnds(page) {
  return page.evaluate(() => {
    const exists = (id) => id === "" || document.getElementById(id) !== null;
    const links = [...document.querySelectorAll("a[href^='#']")]
      .map((link) => link.getAttribute("href"))
      .filter((href) => !exists(href.slice(1)));
    const descriptions = [...document.querySelectorAll("[aria-describedby]")]
      .flatMap((field) => field.getAttribute("aria-describedby").split(" "))
      .filter((id) => !exists(id));
    return [...links, ...descriptions].map((id) => `${id} leads nowhere`);
  });
}
