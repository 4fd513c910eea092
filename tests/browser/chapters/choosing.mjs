// The calendar: another zone, three times on three days, by hand and by keyboard; their order.

import { expect } from "../report.mjs";

export async function choosing(told) {
  const { step, look, ana, cleo, hasScript } = told;
  const { page } = ana;
  const zoneWords = () => page.locator(".zone p").first().innerText();
  const said = () => page.locator(".calendar > [role=status]").textContent();

  await step("Ana follows her letter to the calendar", async () => {
    await ana.opensCalendar();
    if (hasScript) await page.waitForURL(/zone=America/);
    const words = await zoneWords();
    expect(words.includes(hasScript ? "New York" : "Lisbon"), words);
    expect(words.includes("where we are"), words);
    const [first] = await ana.days();
    const shown = await page.locator(".month [aria-current=true]").getAttribute("value");
    expect(shown === first && (await ana.times()).length > 0, `${shown} is shown, ${first} is open`);
    await look(page, "calendar");
  });

  await step("she switches the zone, and the times move", async () => {
    const before = await page.locator(".times label").first().innerText();
    await inZone(page, "Asia/Tokyo");
    const after = await page.locator(".times label").first().innerText();
    expect((await zoneWords()).includes("Tokyo") && before !== after, `${before} became ${after}`);
    await look(page, "calendar, Tokyo");
    await inZone(page, "America/New_York");
    expect((await zoneWords()).includes("New York"), await zoneWords());
    const count = await page.locator("#zone option").count();
    expect(hasScript ? 400 < count : 40 < count, `${count} zones to choose from`);
    await page.locator(".zone summary").click();
    await look(page, "calendar, zones");
    await page.locator(".zone summary").click();
  });

  await step("without a time, and with four, she is told", async () => {
    await ana.press("Continue");
    expect((await page.locator(".summary").innerText()).includes("at least one"), "nothing chosen");
    await look(page, "calendar, nothing chosen");
    const times = await ana.times();
    for (const time of times.slice(0, 4)) await ana.ticks(time);
    if (hasScript) {
      const words = await page.locator(".bar-below [role=status]").innerText();
      expect(words.includes("3 at the most"), words);
    } else {
      await ana.press("Continue");
      const words = await page.locator(".summary").innerText();
      expect(words.includes("at most 3"), words);
      await look(page, "calendar, too many");
      await ana.ticks(times[3]);
    }
    for (const time of times.slice(0, 3)) await ana.ticks(time);
  });

  await step("she chooses three times on three days, and sees them all the while", async () => {
    const loaded = await mark(page);
    told.anaTimes = [await ana.choosesTime(2, 1), await ana.choosesTime(3, 4)];
    told.anaTimes.push(await ana.choosesTime(10, 5));
    expect((await page.locator(".kept input:checked").count()) === 2, "the two of the days before");
    const words = await page.locator(".kept label").allInnerTexts();
    expect(words.length === 2 && words.every((one) => /^\w+ \d+ \w+, \d\d:\d\d$/.test(one.trim())), words.join());
    expect((await isMarked(page, loaded)) === hasScript, "with a script, the page stays; without, it is another");
    await look(page, "calendar, three chosen");
  });

  if (hasScript) {
    await step("Back and Forward turn the days, and no choice is lost", async () => {
      const days = await ana.days();
      await page.goBack();
      await shows(page, days[3]);
      expect((await ana.chosen()).length === 3, "three are chosen after going back");
      await page.reload();
      expect((await ana.chosen()).length === 3, "and after loading the page again");
      await page.goForward();
      await shows(page, days[10]);
      expect((await ana.chosen()).length === 3, "and after going forward");
    });

    await step("by keyboard: the focus stays on the day, and a screen reader hears it", async () => {
      const days = await ana.days();
      await page.locator(`.month td button[value="${days[4]}"]`).focus();
      await page.keyboard.press("Enter");
      await shows(page, days[4]);
      const at = () => page.evaluate(() => document.activeElement.value || document.activeElement.id);
      expect((await at()) === days[4], `the focus is on ${await at()}`);
      expect(/\d+ open times?, New York time/.test(await said()), await said());
      await page.locator("#day-after").focus();
      await page.keyboard.press("Space");
      await shows(page, days[5]);
      expect((await page.evaluate(() => document.activeElement.id)) === "day-after", await at());
      const url = page.url();
      await page.locator(".skip").focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect((await page.evaluate(() => document.activeElement.name)) === "t", "past the month, at the times");
      expect(page.url() === `${url}#times`, page.url());
    });

    await step("where the house cannot be asked, the form itself is sent", async () => {
      const days = await ana.days();
      const loaded = await mark(page);
      let refused = 0;
      await page.route("**/calendar/**", (route) => {
        if (route.request().resourceType() !== "fetch") return route.continue();
        refused += 1;
        return route.abort("aborted");
      });
      await ana.turnsTo(days[10]);
      await page.unroute("**/calendar/**");
      expect(refused === 1 && !(await isMarked(page, loaded)), "another page, after one try");
      expect((await ana.chosen()).length === 3, "with the three times chosen");
    });
  }

  await step("the keys alone choose a time and give it up", async () => {
    const [first] = await ana.times();
    const box = page.locator(`#times > .times:not(.kept) input[value="${first}"]`);
    const before = await ana.chosen();
    expect(before.length === 3 && before.every((time) => told.anaTimes.includes(time)), before.join());
    await page.locator(".kept input").first().focus();
    await page.keyboard.press("Space");
    await box.focus();
    const { outlineStyle } = await box.evaluate((one) => {
      const { outlineStyle } = getComputedStyle(one.parentElement);
      return { outlineStyle };
    });
    expect(outlineStyle !== "none", "the focus on a time cannot be seen");
    await page.keyboard.press("Space");
    expect((await ana.chosen()).includes(first), "chosen by Space");
    await page.keyboard.press("Space");
    await page.locator(".kept input").first().focus();
    await page.keyboard.press("Space");
    expect((await ana.chosen()).length === 3, "the three of before");
    await ana.press("Continue");
  });

  await step("she looks them over, and puts the second one first", async () => {
    await ana.expectHeading("Which suits you best?");
    await look(page, "calendar, review");
    const shown = await ranked(page);
    expect([...shown].sort().join() === [...told.anaTimes].sort().join(), "what was chosen");
    await page.getByRole("link", { name: "Back to the calendar" }).click();
    expect((await page.locator("input[name=t]:checked").count()) === 3, "still chosen after going back");
    await ana.press("Continue");
    expect((await ranked(page)).join() === shown.join(), "in the same order");
    const [first, second, third] = shown;
    // One select is enough: what is moved up goes before the time that stood there.
    await page.locator(`[name=rank-${second}]`).selectOption("1");
    await ana.press("Ask for these times");
    await ana.expectHeading("We have your times");
    told.anaTimes = [second, first, third];
    await look(page, "calendar, asked");
    told.asked = await page.locator(".ranked").innerText();
  });

  await step("Cleo asks for one time", async () => {
    await cleo.opensCalendar();
    await cleo.asksFor(5, 2);
    await cleo.expectHeading("We have your time");
  });
}

async function inZone(page, zone) {
  await page.locator(".zone summary").click();
  await page.getByLabel("Your zone").selectOption(zone);
  await page.getByRole("button", { name: "Show in this zone" }).click();
  await page.waitForURL(`**zone=${encodeURIComponent(zone)}**`);
  await page.locator(`.zone strong`, { hasText: zone.split("/").pop().replace("_", " ") }).waitFor();
}

async function shows(page, day) {
  await page.locator(`.month [aria-current=true][value="${day}"]`).waitFor();
}

/// Leaves a mark on the document, to see later whether it is still the same.
async function mark(page) {
  return page.evaluate(() => {
    document.documentElement.dataset.seen = "yes";
    return "yes";
  });
}

async function isMarked(page, mark) {
  return page.evaluate((mark) => document.documentElement.dataset.seen === mark, mark);
}

async function ranked(page) {
  return page.locator("input[name=t]").evaluateAll((all) => all.map((field) => field.value));
}
