// What somebody of the practice does.

import { expect } from "./report.mjs";
import { Person } from "./watch.mjs";

export class Staff {
  static async arrive(world, email) {
    const person = await Person.arrive(world);
    return new Staff(person, email, world.house);
  }

  constructor(person, email, house) {
    this.person = person;
    this.page = person.page;
    this.email = email;
    this.house = house;
  }

  async press(name) {
    await this.page.getByRole("button", { name, exact: true }).first().click();
    await this.page.waitForLoadState();
  }

  async asksToSignIn() {
    await this.person.open("/harbour/desk/sign-in");
    await this.page.getByLabel("Your email address at the practice").fill(this.email);
    await this.press("Send me the letter");
  }

  /// Reads the sign-in letter in a browser of its own; answers its link and its code.
  async signInLetter(reader) {
    const letter = await this.house.openLetter(reader.page, this.email, "Your sign-in");
    const link = await letter.locator('a[href*="/desk/sign-in/"]').first().getAttribute("href");
    const code = /code where you asked for it:\s*\**([a-z0-9-]+)/i.exec(await letter.innerText());
    expect(code, "the letter has no code");
    return { link, code: code[1].trim() };
  }

  async signsInByLetter() {
    await this.asksToSignIn();
    await this.person.follow(this.email, "Your sign-in", "/desk/sign-in/");
    await this.press("Sign in");
    await this.expectToday();
  }

  async expectToday() {
    await this.page.waitForURL((url) => url.pathname === "/harbour/desk");
  }

  async opensToday() {
    await this.person.open("/harbour/desk");
    await this.expectToday();
  }

  /// The card of a client's request or task on the page that is open.
  card(name) {
    return this.page.locator("article.card").filter({ hasText: name });
  }

  /// The line of a client's call.
  call(name) {
    return this.page.locator(".calls li").filter({ hasText: name });
  }

  async opensFile(name) {
    await this.person.open("/harbour/desk/clients");
    await this.page.getByRole("link", { name, exact: true }).click();
    await this.page.waitForLoadState();
  }

  async approvesFirstTime(name) {
    await this.opensToday();
    await this.card(name).getByRole("button", { name: /^Approve/ }).first().click();
    await this.page.waitForURL("**done=approve");
    await this.expectNotice("The time is booked");
  }

  async records(name, outcome) {
    await this.opensToday();
    await this.page.getByRole("button", { name: new RegExp(`^${outcome}.*${name}`) }).first().click();
    await this.page.waitForURL("**done=outcome");
    await this.expectNotice("Noted.");
  }

  async expectNotice(words) {
    const notice = await this.page.locator("main [role=status]").first().innerText();
    expect(notice.includes(words), `the desk says “${notice}”, not “${words}”`);
  }
}
