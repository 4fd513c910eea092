// The calendar: another zone, three times over two pages, their order.

import { expect } from "../report.mjs";

export async function choosing(told) {
  const { step, look, ana, cleo, hasScript } = told;
  const { page } = ana;
  const zoneWords = () => page.locator(".zone p").first().innerText();

  await step("Ana follows her letter to the calendar", async () => {
    await ana.opensCalendar();
    if (hasScript) await page.waitForURL(/zone=America/);
    const words = await zoneWords();
    expect(words.includes(hasScript ? "New York" : "Lisbon"), words);
    await look(page, "calendar");
  });

  await step("she switches the zone, and the times move", async () => {
    const before = await page.locator(".days label").first().innerText();
    await inZone(page, "Asia/Tokyo");
    const after = await page.locator(".days label").first().innerText();
    expect((await zoneWords()).includes("Tokyo") && before !== after, `${before} became ${after}`);
    await look(page, "calendar, Tokyo");
    await inZone(page, "America/New_York");
    expect((await zoneWords()).includes("New York"), await zoneWords());
  });

  await step("without a time, and with four, she is told", async () => {
    await ana.press("Continue");
    expect((await page.locator(".summary").innerText()).includes("at least one"), "nothing chosen");
    await look(page, "calendar, nothing chosen");
    const times = await ana.times();
    for (const time of times.slice(0, 4)) await ana.ticks(time);
    if (hasScript) {
      const words = await page.locator(".bar-below [role=status]").innerText();
      expect(words.includes("Three at the most"), words);
    } else {
      await ana.press("Continue");
      const words = await page.locator(".summary").innerText();
      expect(words.includes("at most 3"), words);
      await look(page, "calendar, too many");
      await ana.ticks(times[3]);
    }
    for (const time of times.slice(0, 3)) await ana.ticks(time);
  });

  await step("she chooses two times, and a third one on the next page", async () => {
    const times = await ana.times();
    told.anaTimes = [times[26], times[38]];
    for (const time of told.anaTimes) await ana.ticks(time);
    await page.getByRole("button", { name: "Later" }).first().click();
    await page.locator(".kept").waitFor();
    expect((await page.locator(".kept input:checked").count()) === 2, "the two of the page before");
    const [third] = (await ana.times()).slice(8);
    await ana.ticks(third);
    told.anaTimes.push(third);
    await look(page, "calendar, three chosen");
    await ana.press("Continue");
  });

  await step("she looks them over, and puts the second one first", async () => {
    await ana.expectHeading("Which suits you best?");
    await look(page, "calendar, review");
    expect((await ranked(page)).join() === told.anaTimes.join(), "in the order of choosing");
    await page.getByRole("link", { name: "Back to the calendar" }).click();
    expect((await page.locator("input[name=t]:checked").count()) === 3, "still chosen after going back");
    await ana.press("Continue");
    const [first, second] = told.anaTimes;
    await page.locator(`[name=rank-${first}]`).selectOption("2");
    await page.locator(`[name=rank-${second}]`).selectOption("1");
    await ana.press("Ask for these times");
    await ana.expectHeading("We have your times");
    told.anaTimes = [second, first, told.anaTimes[2]];
    await look(page, "calendar, asked");
    told.asked = await page.locator(".ranked").innerText();
  });

  await step("Cleo asks for one time", async () => {
    await cleo.opensCalendar();
    const [time] = (await cleo.times()).slice(50);
    await cleo.asksFor([time]);
    await cleo.expectHeading("We have your time");
  });
}

async function inZone(page, zone) {
  await page.getByLabel("Your zone").selectOption(zone);
  await page.getByRole("button", { name: "Show in this zone" }).click();
  await page.waitForURL(`**zone=${encodeURIComponent(zone)}**`);
}

async function ranked(page) {
  return page.locator("input[name=t]").evaluateAll((all) => all.map((field) => field.value));
}
