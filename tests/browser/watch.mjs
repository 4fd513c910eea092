// Somebody at a browser of their own, under watch: whatever a console, a policy or the network
// complains about is a trouble, and every trouble fails the step in which it came up.

const HTML_MAX = 20_000;
const SCRIPT_MAX = 4_000;

export class Person {
  #expected = new Set();
  #sites = new Set();

  /// A browser without cookies; `zone` is what its clock is set to.
  static async arrive({ browser, house, troubles, hasScript, zone = "Europe/Lisbon" }) {
    const context = await browser.newContext({
      javaScriptEnabled: hasScript,
      timezoneId: zone,
      locale: "en-GB",
      viewport: { width: 1280, height: 800 },
    });
    context.setDefaultTimeout(8_000);
    if (hasScript) await context.addInitScript(tellViolations);
    const person = new Person(context, house, troubles);
    context.on("page", (page) => person.#watch(page));
    person.page = await context.newPage();
    return person;
  }

  constructor(context, house, troubles) {
    this.context = context;
    this.house = house;
    this.troubles = troubles;
  }

  /// Says that the next page may come with this status.
  expectStatus(status) {
    this.#expected.add(status);
  }

  /// Says that another site is visited, too.
  expectSite(origin) {
    this.#sites.add(origin);
  }

  async open(path) {
    return this.page.goto(path.startsWith("http") ? path : this.house.at(path));
  }

  /// Opens a letter in the mailbox and follows the link with this in its address.
  async follow(to, subject, part) {
    const letter = await this.house.openLetter(this.page, to, subject);
    await letter.locator(`a[href*="${part}"]`).first().click();
    await this.page.waitForURL(`**${part}**`);
  }

  async leave() {
    await this.context.close();
  }

  #watch(page) {
    const trouble = (words) => this.troubles.push(`${words}, on ${page.url()}`);
    page.on("pageerror", (error) => trouble(`page error: ${error}`));
    page.on("console", (message) => {
      const isBad = message.type() === "error" || message.type() === "warning";
      // What was answered is watched below, with its status.
      const isStatus = message.text().startsWith("Failed to load resource: the server responded");
      if (isBad && !isStatus) trouble(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const isElsewhere = origin !== this.house.origin && !this.#sites.has(origin);
      if (protocol.startsWith("http") && isElsewhere) trouble(`goes to ${request.url()}`);
    });
    page.on("requestfailed", (request) => {
      const words = request.failure()?.errorText ?? "";
      // A page that is left, and a file that is kept instead of shown.
      if (words !== "net::ERR_ABORTED") trouble(`request failed: ${request.url()} ${words}`);
    });
    page.on("response", (response) => this.#weigh(page, response, trouble));
  }

  async #weigh(page, response, trouble) {
    const [status, kind, url] = [response.status(), response.request().resourceType(), response.url()];
    // A viewer of files, such as the one for PDFs, is not ours to weigh.
    if (!url.startsWith(this.house.origin)) return;
    const isPage = kind === "document";
    if (400 <= status && !(isPage && this.#expected.delete(status))) trouble(`${status} from ${url}`);
    if (300 <= status && status < 400) return;
    const most = { document: HTML_MAX, script: SCRIPT_MAX }[kind];
    const isOurs = (response.headers()["content-type"] ?? "").startsWith("text/");
    if (!most || !isOurs || url.includes("/house/mailbox/")) return;
    const size = await response.body().then((body) => body.length, () => 0);
    if (most < size) trouble(`${url} weighs ${size} bytes`);
  }
}

function tellViolations() {
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
  });
}
