// The practice's own website, on another host: the form in a frame, by the one line that the desk
// gives, and a form that somebody wrote by hand. With a script in the frame, by hand without.

import { createServer } from "node:http";

import { expect } from "../report.mjs";

export async function elsewhere({ step, look, house, owner, emil, fay, hasScript }) {
  const site = await step("the owner finds the line for her website", async () => {
    const { page } = owner;
    await owner.signsInByLetter();
    await owner.person.open("/harbour/desk/handbook");
    const line = await page.locator("pre.snippet", { hasText: "<script" }).innerText();
    await look(page, "desk, handbook");
    return Site.open({ "/frame": line, "/by-hand": BY_HAND.replace("HOUSE", house.origin) });
  });
  for (const one of [emil, fay]) one.person.expectSite(site.origin);

  try {
    await (hasScript ? fromAFrame : withoutAScript)({ step, look, site, emil });

    await step("Fay asks by a form that somebody wrote by hand", async () => {
      await fay.person.open(`${site.origin}/by-hand`);
      await fay.page.getByLabel("Name").fill(fay.name);
      await fay.page.getByLabel("Email").fill(fay.email);
      await fay.page.getByLabel("I agree").check();
      await fay.press("Ask");
      await fay.expectHeading("Please look in your inbox");
      await house.openLetter(fay.page, fay.email, "some questions before we speak");
    });
  } finally {
    site.close();
  }
}

async function fromAFrame({ step, look, site, emil }) {
  const { page } = emil;
  await step("Emil sees the form on the website, as tall as it is", async () => {
    await emil.person.open(`${site.origin}/frame`);
    const form = page.frameLocator("iframe");
    await form.getByLabel("Your name").waitFor();
    await page.waitForFunction(() => document.querySelector("iframe").style.height.endsWith("px"));
    const { frame, inside } = await heights(page);
    expect(Math.abs(frame - inside) <= 2, `the frame is ${frame} px high, the form in it ${inside}`);
    await look(page, "the form on another site");
  });

  await step("Emil asks from there, and is thanked at the house's own address", async () => {
    const form = page.frameLocator("iframe");
    await page.waitForTimeout(2_200);
    await form.getByLabel("Your name").fill(emil.name);
    await form.getByLabel("Your email address").fill(emil.email);
    await form.getByLabel("Yes, I agree to this").check();
    await form.getByRole("button", { name: "Ask for a conversation" }).click();
    await page.waitForURL("**/harbour/thanks");
    await emil.expectHeading("Please look in your inbox");
    await emil.completesQuestionnaire();
  });
}

/// No line puts a frame there; the link that the desk names besides does.
async function withoutAScript({ step, emil }) {
  await step("Emil follows the link instead", async () => {
    await emil.optsIn();
    await emil.completesQuestionnaire();
  });
}

async function heights(page) {
  const frame = await page.locator("iframe").evaluate((one) => one.getBoundingClientRect().height);
  const inside = await page.frames()[1].evaluate(() => document.body.getBoundingClientRect().height);
  return { frame, inside };
}

const BY_HAND = `<form method="post" action="HOUSE/harbour">
  <label>Name <input name="name" required></label>
  <label>Email <input name="email" type="email" required></label>
  <label><input name="consent" type="checkbox" value="yes" required> I agree</label>
  <button>Ask</button>
</form>`;

/// A website of somebody else's making.
class Site {
  static async open(pages) {
    const server = createServer(({ url }, answer) => {
      const body = pages[url];
      answer.writeHead(body ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      answer.end(
        `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">` +
          `<title>A website</title><main><h1>Welcome</h1>${body ?? ""}</main></html>`,
      );
    });
    await new Promise((opened) => server.listen(0, "127.0.0.1", opened));
    return new Site(server);
  }

  constructor(server) {
    this.server = server;
    // Another site than the house, which is at localhost.
    this.origin = `http://127.0.0.1:${server.address().port}`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
