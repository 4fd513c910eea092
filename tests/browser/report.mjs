// One line for each step, and what went wrong under it.

const STEP_MAX = 60_000;

export class Report {
  #passed = 0;
  #failed = 0;
  #begun = Date.now();

  begin(life) {
    this.#say(`\n${life.replace("-", " ")}`);
  }

  /// A step of the story; when it fails, the story cannot go on.
  async step(name, live) {
    try {
      const answer = await within(STEP_MAX, live(), `not done after ${STEP_MAX / 1000} seconds`);
      this.passed(name);
      return answer;
    } catch (error) {
      this.failed(name, error);
      throw new Stopped();
    }
  }

  passed(name) {
    this.#passed += 1;
    this.#say(`  ok    ${name}`);
  }

  failed(name, why) {
    if (why instanceof Stopped) return;
    this.#failed += 1;
    this.#say(`  FAIL  ${name}`);
    const words = Array.isArray(why) ? why.join("\n") : String(why?.stack ?? why);
    for (const line of words.split("\n").slice(0, 30)) this.#say(`          ${line}`);
  }

  /// Answers the exit code.
  close() {
    this.#say(`\n${((Date.now() - this.#begun) / 1000).toFixed(0)} seconds`);
    this.#say(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }

  #say(line) {
    process.stdout.write(`${line}\n`);
  }
}

class Stopped extends Error {}

/// Fails with these words unless it is so.
export function expect(isSo, words) {
  if (!isSo) throw new Error(words);
}

/// Waits no longer than this.
export function within(milliseconds, promise, words) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(words)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
