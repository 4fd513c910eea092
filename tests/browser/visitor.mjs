// What a visitor does, with or without a script.

import { expect } from "./report.mjs";
import { Person } from "./watch.mjs";

export class Visitor {
  static async arrive(world, name, zone) {
    const person = await Person.arrive({ ...world, zone });
    return new Visitor(person, name, world.hasScript);
  }

  constructor(person, name, hasScript) {
    this.person = person;
    this.page = person.page;
    this.name = name;
    this.email = `${name.toLowerCase().replace(" ", ".")}@example.org`;
    this.hasScript = hasScript;
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  async press(name) {
    await this.button(name).click();
    await this.page.waitForLoadState();
  }

  async heading() {
    return this.page.locator("h1").innerText();
  }

  /// Waits for the heading: a press may be a while on its way to the next page.
  async expectHeading(words) {
    await this.page.locator("h1", { hasText: words }).waitFor({ timeout: 10_000 }).catch(() => {});
    const heading = await this.heading();
    expect(heading.includes(words), `the page is headed “${heading}”, not “${words}”`);
  }

  async opensOptIn() {
    await this.person.open("/harbour");
    // A form that comes back at once is taken for a machine's.
    await this.page.waitForTimeout(2_200);
  }

  async fillsOptIn() {
    await this.page.getByLabel("Your name").fill(this.name);
    await this.page.getByLabel("Your email address").fill(this.email);
    await this.page.getByLabel("Yes, I agree to this").check();
  }

  async optsIn() {
    await this.opensOptIn();
    await this.fillsOptIn();
    await this.press("Ask for a conversation");
    await this.expectHeading("Please look in your inbox");
  }

  async followsLetter(subject, part) {
    await this.person.follow(this.email, subject, part);
  }

  /// The same, for a letter that was read before.
  async followsLetterAgain(subject, part) {
    await this.person.open("/house/mailbox");
    const line = this.page.locator(".mails li").filter({ hasText: this.email }).filter({ hasText: subject });
    await line.first().getByRole("link").click();
    await this.page.locator(`pre.letter a[href*="${part}"]`).first().click();
    await this.page.waitForURL(`**${part}**`);
  }

  question(id) {
    return this.page.locator(`#q-${id}`);
  }

  choice(id, value) {
    return this.page.locator(`input[name="${id}"][value="${value}"]`);
  }

  /// Answers what must be answered, and no more.
  async answersWhatIsNeeded() {
    await this.question("what-brings-you").fill("I would like to think about my work.\nAnd about time.");
    await this.question("a-year-on").fill("I say no more often.");
    await this.question("well-spent").fill("If I know the next step.");
    await this.choice("who-pays", "I will").check();
    await this.question("consent").check();
  }

  async completesQuestionnaire() {
    await this.followsLetter("some questions before we speak", "/questionnaire/");
    await this.answersWhatIsNeeded();
    await this.press("Send my answers");
    await this.expectHeading("Thank you");
  }

  async opensCalendar() {
    await this.followsLetter("choose your times", "/calendar/");
    await this.page.waitForLoadState();
  }

  /// The days that have open times, as the buttons of the month have them.
  async days() {
    return this.page.locator(".month td button").evaluateAll((all) => all.map((day) => day.value));
  }

  /// The open times of the day that is shown, as the fields of the form have them.
  async times() {
    const boxes = this.page.locator("#times > .times:not(.kept) input[name=t]");
    return boxes.evaluateAll((all) => all.map((box) => box.value));
  }

  /// Presses a day of the month, and waits until its times are there.
  async turnsTo(day) {
    await this.page.locator(`.month td button[value="${day}"]`).click();
    await this.page.locator(`.month td button[value="${day}"][aria-current]`).waitFor();
  }

  async ticks(time) {
    await this.page.locator(`.times label:has(input[name=t][value="${time}"])`).first().click();
  }

  async chosen() {
    const boxes = this.page.locator(".times input[name=t]:checked");
    return boxes.evaluateAll((all) => all.map((box) => box.value));
  }

  /// Chooses the open time at this place of that open day; both are counted from nought. Around
  /// holidays a day may have fewer: then it is the last.
  async choosesTime(day, place) {
    await this.turnsTo((await this.days())[day]);
    const times = await this.times();
    const time = times[Math.min(place, times.length - 1)];
    await this.ticks(time);
    return time;
  }

  /// From the calendar, which is open: asks for this time.
  async asksFor(day, place) {
    await this.choosesTime(day, place);
    await this.press("Continue");
    await this.press("Ask for this time");
  }
}

/// The form with Tab, Space and Enter alone; every stop is to be seen.
export async function optsInByKeyboard(visitor) {
  const { page } = visitor;
  await visitor.opensOptIn();
  const stops = [];
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      const isSeen = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
      return { name: focused.name || focused.innerText || focused.tagName, tag: focused.tagName, isSeen };
    });
    expect(stop.isSeen, `the focus on ${stop.name} cannot be seen`);
    expect(stop.name !== "website", "the hidden field takes the focus");
    stops.push(stop.name);
    if (stop.name === "name") await page.keyboard.type(visitor.name);
    if (stop.name === "email") await page.keyboard.type(visitor.email);
    if (stop.name === "consent") await page.keyboard.press("Space");
    if (stop.tag === "BUTTON") break;
  }
  await page.keyboard.press("Enter");
  await page.waitForURL("**/thanks");
  return stops;
}
