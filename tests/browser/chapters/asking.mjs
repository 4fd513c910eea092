// Asking for a conversation: mistakes first, then right, then by keyboard alone.

import { expect } from "../report.mjs";
import { optsInByKeyboard } from "../visitor.mjs";

export async function asking({ step, look, house, keeper, ana, ben, cleo, dora }) {
  await step("the house shows its doors", async () => {
    await keeper.open("/house");
    await look(keeper.page, "house");
    await keeper.open("/house/mailbox");
    await look(keeper.page, "mailbox, empty");
    await keeper.open("/house/clock");
    await look(keeper.page, "clock");
  });

  await step("Ana opens the form, and its policy", async () => {
    await ana.person.open("/harbour/policy");
    await look(ana.page, "policy");
    await ana.person.open("/harbour/form");
    await look(ana.page, "opt-in, embedded");
    await ana.opensOptIn();
    await look(ana.page, "opt-in");
  });

  await step("the browser holds an empty form back", async () => {
    await ana.press("Ask for a conversation");
    const focused = await ana.page.evaluate(() => document.activeElement.name);
    expect(focused === "name", `the focus is on ${focused}`);
  });

  await step("the house says what is wrong with an empty form", async () => {
    await past(ana);
    await ana.press("Ask for a conversation");
    await expectMistakes(ana, ["name", "email", "consent"]);
    await look(ana.page, "opt-in, empty");
  });

  await step("a bad address is kept, with what is wrong tied to its field", async () => {
    await past(ana);
    await ana.fillsOptIn();
    await ana.page.getByLabel("Your email address").fill("ana@example");
    await ana.press("Ask for a conversation");
    await expectMistakes(ana, ["email"]);
    const values = [await ana.page.locator("#name").inputValue(), await ana.page.locator("#email").inputValue()];
    expect(values.join() === `${ana.name},ana@example`, `kept: ${values}`);
    await look(ana.page, "opt-in, bad address");
  });

  await step("a form that comes back at once is asked for once more", async () => {
    await dora.person.open("/harbour");
    await dora.fillsOptIn();
    dora.person.expectStatus(422);
    await dora.press("Ask for a conversation");
    await look(dora.page, "opt-in, too fast");
    const name = await dora.page.locator("#name").inputValue();
    expect(name === dora.name, `kept: ${name}`);
  });

  await step("Ana is thanked, and has a letter", async () => {
    await ana.fillsOptIn();
    await ana.press("Ask for a conversation");
    await ana.expectHeading("Please look in your inbox");
    await look(ana.page, "thanks");
    await house.openLetter(keeper.page, ana.email, "some questions before we speak");
    await look(keeper.page, "letter");
    await keeper.open("/house/mailbox");
    await look(keeper.page, "mailbox");
  });

  await step("Ben asks by keyboard alone, and sees where he is", () => optsInByKeyboard(ben));

  await step("Cleo and Dora ask as well", () => Promise.all([cleo.optsIn(), dora.optsIn()]));
}

/// A browser that checks no form: the next press is answered by the house.
async function past(visitor) {
  await visitor.page.evaluate(() => {
    document.querySelector("main form").noValidate = true;
  });
  visitor.person.expectStatus(422);
}

async function expectMistakes({ page }, names) {
  const marked = await page
    .locator("main form [aria-invalid=true]")
    .evaluateAll((fields) =>
      fields.map((field) => {
        const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
        const words = ids.map((id) => document.getElementById(id)).find((one) => one?.classList.contains("mistake"));
        return words?.innerText ? field.name : `${field.name} without words`;
      }),
    );
  expect(marked.join() === names.join(), `marked: ${marked}`);
  const listed = await page.locator(".summary a").allInnerTexts();
  expect(listed.length === names.length, `the summary lists ${listed}`);
  const isTold = await page.evaluate(() => document.activeElement.matches(".summary"));
  expect(isTold, "the focus is not on the summary");
}
