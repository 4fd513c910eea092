// The questionnaire: left, found again on another device, sent incomplete, completed.

import { expect } from "../report.mjs";
import { Person } from "../watch.mjs";

const WORDS = "A step I keep putting off.\n<b>It is not small.</b> — “Quite”.";

export async function answering(told) {
  const { step, check, look, ana, ben, cleo, house, hasScript } = told;

  await step("Ana follows her letter to the questions", async () => {
    await ana.followsLetterAgain("some questions before we speak", "/questionnaire/");
    told.questionnaire = ana.page.url();
    await look(ana.page, "questionnaire");
  });

  await check("the button of the letter opens them in a window of its own", () => letterButton(told));

  await step(hasScript ? "her answers are saved as she types" : "she saves her answers to go on later", async () => {
    await ana.question("what-brings-you").fill(WORDS);
    await ana.choice("areas", "Something else").check();
    await ana.question("months").fill("7");
    await ana.choice("how-close", "4").check();
    if (hasScript) {
      await ana.question("areas-else").fill("The sea");
      await ana.page.locator(".live", { hasText: /^Saved\.$/ }).waitFor();
      return;
    }
    await ana.question("areas-else").fill("The sea");
    await ana.press("Save and go on later");
    await ana.page.locator("[role=status]", { hasText: "Saved." }).first().waitFor();
    await look(ana.page, "questionnaire, just saved");
  });

  await step("a question appears with the answer it belongs to", async () => {
    const isShown = await ana.question("invoice-to").isVisible();
    expect(isShown !== hasScript, "hidden with a script, shown with its condition without");
    const words = ana.page.locator(".only-if").first();
    expect((await words.isVisible()) !== hasScript, "the condition in words is for those without a script");
  });

  await step("on another device everything is there", async () => {
    const other = await Person.arrive(told);
    await other.open(told.questionnaire);
    expect((await other.page.locator("#q-what-brings-you").inputValue()) === WORDS, "the long answer");
    expect((await other.page.locator("#q-areas-else").inputValue()) === "The sea", "the short answer");
    expect((await other.page.locator("#q-months").inputValue()) === "7", "the number");
    const ticked = await other.page.locator("main input:checked").evaluateAll((all) => all.map((box) => box.value));
    expect(ticked.join() === "Something else,4", `the choices: ${ticked}`);
    await look(other.page, "questionnaire, welcome back");
    await other.leave();
  });

  await step("sent incomplete, it comes back whole with every mistake", async () => {
    await ana.page.goto(told.questionnaire);
    await ana.question("months").fill("about seven");
    ana.person.expectStatus(422);
    await ana.press("Send my answers");
    const mistakes = await ana.page.locator(".summary a").count();
    expect(mistakes === 5, `${mistakes} mistakes: four that are needed, one that is no number`);
    expect((await ana.question("what-brings-you").inputValue()) === WORDS, "the long answer is lost");
    expect((await ana.question("months").inputValue()) === "about seven", "what is wrong is lost");
    await look(ana.page, "questionnaire, mistakes");
    await ana.page.locator(".summary a").first().click();
    const focused = await ana.page.evaluate(() => document.activeElement.name ?? location.hash);
    expect(focused === "months", `the summary leads to ${focused}`);
  });

  await step("completed, it thanks her", async () => {
    await ana.question("months").fill("7");
    await ana.question("a-year-on").fill("I say no more often.");
    await ana.question("well-spent").fill("If I know the next step.");
    await ana.choice("who-pays", "My employer or organisation").check();
    await ana.question("invoice-to").fill("Sea & Sons\nCais 3");
    await ana.question("consent").check();
    await ana.press("Send my answers");
    await ana.expectHeading("Thank you");
    await look(ana.page, "questionnaire, done");
  });

  await step("she may change her answers afterwards", async () => {
    await ana.page.getByRole("link", { name: "Read or change your answers" }).click();
    expect((await ana.question("invoice-to").inputValue()).startsWith("Sea & Sons"), "the answer is there");
    await look(ana.page, "questionnaire, complete");
    await ana.choice("style", "A mixture of the two").check();
    await ana.press("Send the changes");
    await ana.expectHeading("Thank you");
  });

  await step("Ben and Cleo answer what is needed", () => {
    return Promise.all([ben.completesQuestionnaire(), cleo.completesQuestionnaire()]);
  });

  await step("a link that was cut off is answered in words", async () => {
    const link = told.questionnaire;
    ana.person.expectStatus(404);
    await ana.person.open(link.slice(0, -5));
    await ana.expectHeading("This link does not open anything");
    await look(ana.page, "problem, link");
    ana.person.expectStatus(404);
    await ana.person.open("/nowhere/at/all");
    await look(ana.page, "problem, nothing here");
    expect(house.origin === new URL(ana.page.url()).origin, "still at home");
  });
}

/// The mailbox shows a letter's HTML in a frame, and its button must lead out of it.
async function letterButton({ ana, keeper, house }) {
  const { page, context } = keeper;
  await page.goto(house.at("/house/mailbox"));
  await page.locator(".mails li", { hasText: ana.email }).getByRole("link").first().click();
  const opened = context.waitForEvent("page");
  await page.frameLocator("iframe.letter").getByRole("link", { name: "Answer the questions" }).click();
  const questionnaire = await opened;
  await questionnaire.waitForURL("**/questionnaire/**");
  await questionnaire.close();
}
