// One line for each step, and what went wrong under it.

export class Report {
  #passed = 0;
  #failed = 0;
  #life = "";
  #begun = Date.now();

  begin(life) {
    this.#life = life;
    this.#say(`\n${life.replace("-", " ")}`);
  }

  /// A step of the story; when it fails, the story cannot go on.
  async step(name, live) {
    try {
      const answer = await live();
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

  /// What is to be known although it is no failure.
  note(words) {
    this.#say(`  note  ${words}`);
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
