// Ben: approved at the desk, cancelled by himself, asked for again, declined, approved again.

import { expect } from "../report.mjs";

import { attachment } from "./approving.mjs";

export async function cancelling(told) {
  const { step, look, house, ben, assistant } = told;

  await step("Ben's time is approved at the desk, and he cancels it", async () => {
    await assistant.approvesFirstTime(ben.name);
    await ben.followsLetter("your time is confirmed", "/appointment/");
    told.benAppointment = ben.page.url();
    await ben.page.getByText("Cancel this appointment").click();
    await ben.page.getByLabel("A word for Harbour Coaching, if you like").fill("I have caught a cold.");
    await ben.press("Cancel the appointment");
    await ben.expectHeading("Your appointment is cancelled");
    await look(ben.page, "appointment, cancelled");
  });

  await step("the cancellation is written to him and to the practice", async () => {
    await house.openLetter(ben.page, ben.email, "your cancellation");
    const [, calendar] = await attachment(ben.page);
    expect(calendar.includes("METHOD:CANCEL"), "the calendar entry is taken back");
    const notice = await house.openLetter(assistant.page, "", "a call has been cancelled");
    expect((await notice.innerText()).includes("I have caught a cold."), "his words");
    ben.person.expectStatus(409);
    await ben.person.open(told.benAppointment);
    await look(ben.page, "problem, appointment gone");
  });

  await step("Ben chooses again, and is declined with a note", async () => {
    await ben.followsLetterAgain("your cancellation", "/calendar/");
    await look(ben.page, "calendar, again");
    await ben.asksFor(2, 6);
    await assistant.opensToday();
    const card = assistant.card(ben.name);
    await card.getByText(/^Decline/).first().click();
    await card.getByLabel("What the client is told (optional)").fill("Mara is at the dentist that day.");
    await look(assistant.page, "today, declining");
    await card.getByRole("button", { name: "Decline and invite to other times" }).click();
    await assistant.expectNotice("The client is told");
  });

  await step("Ben asks once more, and has a time", async () => {
    await ben.followsLetter("may we ask you for other times?", "/calendar/");
    await look(ben.page, "calendar, declined");
    await ben.asksFor(2, 7);
    await assistant.approvesFirstTime(ben.name);
  });
}
