// The assistant's letter: looking changes nothing, pressing does; the confirmation.

import { expect } from "../report.mjs";

export async function approving(told) {
  const { step, look, house, ana, assistant, keeper } = told;
  const { page } = assistant;

  await step("the assistant opens the request from the letter, twice", async () => {
    const letter = await house.openLetter(page, assistant.email, "times to approve");
    expect(await letter.innerText().then((words) => /Ana Moura|Cleo Duarte/.test(words)), "whose request");
    told.requests = {};
    for (;;) {
      const link = await page.locator('pre.letter a[href*="/request/"]').first().getAttribute("href");
      const words = await page.locator("pre.letter").innerText();
      told.requests[words.includes("Ana Moura") ? "ana" : "cleo"] = link;
      if (told.requests.ana && told.requests.cleo) break;
      await house.openLetter(page, assistant.email, "times to approve");
    }
    for (const time of ["first", "second"]) {
      await assistant.person.open(told.requests.ana);
      const buttons = await page.getByRole("button", { name: /^Approve/ }).count();
      expect(buttons === 3, `${buttons} times to approve at the ${time} look`);
    }
    await look(page, "request");
    await ana.page.reload();
    await ana.expectHeading("We have your times");
    expect((await ana.page.locator(".ranked").innerText()) === told.asked, "nothing has changed for Ana");
  });

  await step("one press approves the first choice", async () => {
    await page.getByRole("button", { name: /^Approve/ }).first().click();
    await page.waitForURL("**/approve");
    await look(page, "request, answered");
    await assistant.person.open(told.requests.ana);
    const words = await page.locator("main").innerText();
    expect(words.includes("no longer open"), words);
    await look(page, "request, over");
  });

  await step("the confirmation carries an invitation", async () => {
    await house.openLetter(ana.page, ana.email, "your time is confirmed");
    await look(ana.page, "letter with an invitation");
    told.appointment = await ana.page.locator('pre.letter a[href*="/appointment/"]').first().getAttribute("href");
    const [name, calendar] = await attachment(ana.page);
    expect(name.endsWith(".ics"), name);
    for (const line of ["BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT"]) {
      expect(calendar.includes(line), `the invitation has no ${line}`);
    }
    const html = await keeper.page.goto(ana.page.url() + "/html");
    expect(html.status() === 200, "the letter as HTML");
  });

  await step("Ana opens her appointment", async () => {
    await ana.person.open(told.appointment);
    await ana.expectHeading("First conversation");
    await look(ana.page, "appointment");
    await ana.page.getByText("Cancel this appointment").click();
    await look(ana.page, "appointment, cancelling");
  });
}

/// The name and the text of the letter's attachment.
export async function attachment(page) {
  const link = page.locator('a[href*="/attachment/"]', { hasText: ".ics" });
  const download = page.waitForEvent("download");
  await link.click();
  const file = await download;
  const stream = await file.createReadStream();
  let text = "";
  for await (const chunk of stream) text += chunk;
  return [file.suggestedFilename(), text];
}
