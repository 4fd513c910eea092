// Another time: asked for by Ana, approved at the desk; Ben is too late for it, and told kindly.

import { expect } from "../report.mjs";
import { Staff } from "../desk.mjs";
import { Person } from "../watch.mjs";

import { attachment } from "./approving.mjs";

export async function changing(told) {
  const { step, look, house, ana, ben, assistant, owner, keeper } = told;

  await step("Ben looks over two times, and has not sent them yet", async () => {
    await ben.opensCalendar();
    told.contested = await ben.choosesTime(2, 3);
    told.benTimes = [told.contested, await ben.choosesTime(3, 2)];
    await ben.press("Continue");
    await ben.expectHeading("Which suits you best?");
  });

  await step("Ana asks for another time, the one that Ben wants", async () => {
    await ana.person.open(told.appointment);
    await ana.page.getByRole("link", { name: "Ask for another time" }).click();
    await ana.expectHeading("Move your appointment");
    await look(ana.page, "calendar, moving");
    expect((await ana.page.locator(".zone p").first().innerText()).includes("New York"), "in the zone she chose");
    expect((await ana.choosesTime(2, 3)) === told.contested, "the time that Ben wants");
    await ana.press("Continue");
    await ana.expectHeading("Your time");
    await look(ana.page, "calendar, review of a change");
    await ana.press("Ask for this time");
    await ana.expectHeading("We have your time");
    await look(ana.page, "calendar, change asked");
    await ana.person.open(told.appointment);
    expect((await ana.page.locator(".note").innerText()).includes("asked for another time"), "the change is shown");
    await look(ana.page, "appointment, change asked");
  });

  await step("Ben is told kindly that somebody was faster, and keeps his other time", async () => {
    ben.person.expectStatus(409);
    await ben.press("Ask for these times");
    const words = await ben.page.locator(".summary").innerText();
    expect(words.includes("Somebody was faster"), words);
    const ticked = await ben.chosen();
    expect(ticked.join() === told.benTimes[1], `still chosen: ${ticked}`);
    const isTold = await ben.page.evaluate(() => document.activeElement.matches(".summary"));
    expect(isTold, "the focus is not on what happened");
    await look(ben.page, "calendar, somebody was faster");
    const nearest = ben.page.locator(".summary label");
    expect((await nearest.count()) === 3, "the nearest that are still open");
    await nearest.first().click();
    await ben.press("Continue");
    expect((await ben.page.locator(".ranked li").count()) === 2, "one of them, and the one he kept");
    await ben.press("Ask for these times");
    await ben.expectHeading("We have your times");
  });

  await step("the desk is closed to a stranger", async () => {
    const stranger = await Person.arrive(told);
    for (const path of ["/harbour/desk", "/harbour/desk/clients", "/harbour/desk/sessions"]) {
      await stranger.open(path);
      expect(stranger.page.url().includes("/desk/sign-in?to="), `${path} led to ${stranger.page.url()}`);
    }
    await look(stranger.page, "sign in");
    await stranger.leave();
  });

  await step("the assistant signs in by the letter's link", async () => {
    await assistant.person.open("/harbour/desk/sign-in");
    await assistant.page.evaluate(() => (document.querySelector("main form").noValidate = true));
    await assistant.page.getByLabel("Your email address at the practice").fill("tomas");
    assistant.person.expectStatus(422);
    await assistant.press("Send me the letter");
    await look(assistant.page, "sign in, mistake");
    await assistant.asksToSignIn();
    await look(assistant.page, "sign in, sent");
    await assistant.person.follow(assistant.email, "Your sign-in", "/desk/sign-in/");
    await look(assistant.page, "sign in, confirm");
    await assistant.press("Sign in");
    await assistant.expectToday();
  });

  await step("the owner signs in by the letter's code, a wrong one first", async () => {
    await owner.asksToSignIn();
    const { code, link } = await owner.signInLetter(keeper);
    keeper.page.goto(link);
    await keeper.page.getByText("The code in the letter").waitFor();
    await look(keeper.page, "sign in, on another device");
    await owner.page.locator("[name=code]").fill("AAAA-AAAA");
    owner.person.expectStatus(422);
    await owner.press("Sign in");
    await look(owner.page, "sign in, wrong code");
    await owner.page.locator("[name=code]").fill(code);
    await owner.press("Sign in");
    await owner.expectToday();
  });

  await step("with the code, another browser gets in by the link", async () => {
    const elsewhere = await Staff.arrive(told, owner.email);
    const asking = await Staff.arrive(told, owner.email);
    await asking.asksToSignIn();
    const { code, link } = await asking.signInLetter(keeper);
    await elsewhere.person.open(link);
    await elsewhere.page.locator("[name=code]").fill(code);
    await elsewhere.press("Sign in");
    await elsewhere.expectToday();
    await owner.person.open("/harbour/desk/sessions");
    await look(owner.page, "sessions");
    await owner.page.getByRole("button", { name: /^End the session|^End/ }).first().click();
    await owner.page.getByText("You are signed in nowhere else").waitFor();
    await elsewhere.person.open("/harbour/desk");
    expect(elsewhere.page.url().includes("/desk/sign-in?to="), "an ended session still opens the desk");
    await elsewhere.person.leave();
    await asking.person.leave();
  });

  await step("Today shows the requests, and the change is approved", async () => {
    await assistant.opensToday();
    const card = assistant.card(ana.name);
    expect((await card.innerText()).includes("Wants to move the call"), "the change");
    await look(assistant.page, "today, requests");
    await assistant.approvesFirstTime(ana.name);
    await look(assistant.page, "today, approved");
    await house.openLetter(ana.page, ana.email, "your new time is confirmed");
    const [, calendar] = await attachment(ana.page);
    expect(/SEQUENCE:[1-9]/.test(calendar), "the invitation does not replace the first one");
    await ana.person.open(told.appointment);
    await ana.expectHeading("First conversation");
  });

  await step("the calendar says of every time what stands against it", async () => {
    await owner.person.open("/harbour/desk/calendar");
    expect((await owner.page.locator("main").innerText()).includes("the notice is 24 hours"), "why not");
    await look(owner.page, "calendar of a day");
    await owner.page.getByRole("link", { name: "The day after" }).click();
    await owner.page.waitForURL("**/calendar?day=*");
  });

  await step("the files of the clients", async () => {
    await owner.person.open("/harbour/desk/clients");
    await look(owner.page, "clients");
    await owner.opensFile(ana.name);
    expect((await owner.page.locator("main").innerText()).includes("Sea & Sons"), "the answers");
    await look(owner.page, "client file");
    await owner.opensFile(told.cleo.name);
    await look(owner.page, "client file, request");
  });

  await step("the answers open as a PDF for staff, and for nobody else", async () => {
    await owner.opensFile(ana.name);
    const link = await owner.page.getByRole("link", { name: "Answers (PDF)" }).getAttribute("href");
    const answered = owner.page.waitForResponse((response) => response.url().endsWith("/answers.pdf"));
    await owner.page.getByRole("link", { name: "Answers (PDF)" }).click();
    const response = await answered;
    const kind = response.headers()["content-type"];
    expect(response.status() === 200 && kind === "application/pdf", `${response.status()} ${kind}`);
    const stranger = await Person.arrive(told);
    await stranger.open(link);
    expect(stranger.page.url().includes("/desk/sign-in?to="), `a stranger is at ${stranger.page.url()}`);
    await stranger.leave();
  });
}
