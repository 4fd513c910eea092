// The days of the calls: reminders, the agenda, how it went.

import { expect } from "../report.mjs";

export async function meeting(told) {
  const { step, look, house, keeper, ana, ben, dora, owner } = told;

  await step("the day before, Ana is reminded", () => {
    return house.liveUntilLetter(keeper.page, ana.email, "a reminder of our call");
  });

  await step("on the morning, the owner gets the agenda", async () => {
    for (;;) {
      await house.liveUntilLetter(keeper.page, owner.email, "your day");
      const letter = await house.openLetter(keeper.page, owner.email, "your day");
      if ((await letter.innerText()).includes(ana.name)) break;
    }
    await look(keeper.page, "letter, agenda");
    await owner.opensToday();
    expect((await owner.call(ana.name).innerText()).includes("Answers (PDF)"), "the call of today");
    await look(owner.page, "today, calls");
  });

  await step("an hour before, Ana is reminded again", async () => {
    await house.liveUntilLetter(keeper.page, ana.email, "we speak in about an hour");
    await house.after(keeper.page, "75m");
    await ana.person.open(told.appointment);
    const words = await ana.page.locator("main").innerText();
    expect(words.includes("The call has begun"), words);
    await look(ana.page, "appointment, begun");
    await owner.opensToday();
    await look(owner.page, "today, during the call");
  });

  await step("the call was held, and Ana is thanked", async () => {
    await house.after(keeper.page, "1h");
    await owner.records(ana.name, "Held");
    await look(owner.page, "today, noted");
    await house.openLetter(ana.page, ana.email, "thank you");
  });

  await step("Ben stays away, and is missed", async () => {
    await house.liveUntilLetter(keeper.page, ben.email, "we speak in about an hour");
    await house.after(keeper.page, "3h");
    await owner.opensToday();
    await look(owner.page, "today, outcome awaited");
    await owner.records(ben.name, "No-show");
    await ben.followsLetter("we missed you", "/calendar/");
    await look(ben.page, "calendar, missed");
  });

  await step("a week later Dora has had no further letter, and Cleo is a task", async () => {
    await house.after(keeper.page, "7d");
    const letters = (await house.unread(keeper.page, dora.email, "")).length;
    expect(letters === told.doraLetters, `Dora was written to: ${letters} letters`);
    await owner.opensToday();
    await look(owner.page, "today, tasks");
    await owner.opensFile(ana.name);
    await look(owner.page, "client file, closed");
    await owner.person.open("/harbour/desk/clients");
    await look(owner.page, "clients, later");
  });

  await step("the owner signs out", async () => {
    await owner.press("Sign out");
    expect(owner.page.url().endsWith("/desk/sign-in"), owner.page.url());
    await owner.page.goBack();
    await owner.person.open("/harbour/desk");
    expect(owner.page.url().includes("/desk/sign-in?to="), "the desk is still open");
  });
}
