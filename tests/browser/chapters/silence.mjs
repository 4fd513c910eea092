// What time does by itself: reminders, their end, and a request that nobody answered.

import { expect } from "../report.mjs";

export async function silence(told) {
  const { step, look, house, keeper, cleo, dora, assistant } = told;

  await step("nobody answers Cleo: the staff are reminded, then she is written to", async () => {
    await house.liveUntilLetter(keeper.page, assistant.email, "a request still waiting for an answer");
    await house.liveUntilLetter(keeper.page, cleo.email, "we owe you an answer");
    await assistant.person.open(told.requests.cleo);
    const words = await assistant.page.locator("main").innerText();
    expect(words.includes("no longer open"), words);
    await cleo.followsLetter("we owe you an answer", "/calendar/");
    await look(cleo.page, "calendar, after expiry");
  });

  await step("Dora is reminded, and stops the reminders", async () => {
    await house.liveUntilLetter(keeper.page, dora.email, "the questions are ready when you are");
    await dora.followsLetter("the questions are ready when you are", "/stop/");
    await look(dora.page, "stop");
    await dora.press("Stop the reminders");
    await dora.expectHeading("The reminders have stopped");
    await look(dora.page, "stopped");
    expect((await house.unread(keeper.page, dora.email, "")).length > 0, "her first letter is there");
    told.doraLetters = (await house.unread(keeper.page, dora.email, "")).length;
  });
}
