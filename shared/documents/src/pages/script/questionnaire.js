// Shows the questions that are asked, and keeps answers on file as they are typed.
(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;
  const status = form.querySelector(".live");
  const conditional = [...form.querySelectorAll("[data-if]")];
  const unsaved = new Set();
  let timer = 0;
  let wait = 0;
  let isSending = false;
  let isLeaving = false;
  let sending;

  const say = (words, isTrouble) => {
    status.textContent = words;
    status.classList.toggle("trouble", Boolean(isTrouble));
  };

  // A question is asked if the earlier one is asked and has this answer.
  const look = () => {
    const typed = new FormData(form);
    const hidden = new Set();
    for (const question of conditional) {
      const { id, if: earlier, is } = question.dataset;
      const isAsked =
        !hidden.has(earlier) && typed.getAll(earlier).some((value) => value.trim() === is);
      question.hidden = !isAsked;
      if (!isAsked) hidden.add(id);
    }
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };

  async function save() {
    clearTimeout(timer);
    if (isSending || isLeaving || unsaved.size === 0) return;
    const names = [...unsaved];
    const typed = new FormData(form);
    const body = new URLSearchParams();
    for (const name of names) {
      for (const value of typed.getAll(name)) body.append(name, value);
    }
    unsaved.clear();
    isSending = true;
    let isOver;
    sending = new Promise((resolve) => (isOver = resolve));
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        headers: { accept: "text/plain" },
        body,
        keepalive: body.toString().length < 60000,
      });
      if (!answer.ok) throw answer;
      wait = 0;
      if (unsaved.size === 0) say(form.dataset.kept);
    } catch (problem) {
      for (const name of names) unsaved.add(name);
      wait = Math.min(wait * 2 || 4000, 60000);
      const isFinal =
        400 <= problem.status && problem.status < 500 && ![408, 429].includes(problem.status);
      const words = isFinal ? (await problem.text().catch(() => "")).slice(0, 200) : "";
      say(words || "Not saved yet — we will try again.", true);
      if (!isFinal) later(wait);
    } finally {
      isSending = false;
      isOver();
      if (unsaved.size && !wait) later(800);
    }
  }

  const note = (event) => {
    const { name } = event.target;
    if (!name) return;
    look();
    unsaved.add(name);
    if (!status.classList.contains("trouble")) say("");
    later(event.type === "change" ? 200 : 1200);
  };

  form.classList.add("scripted");
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  // A save on its way lands before the form does, never after it.
  form.addEventListener("submit", async (event) => {
    isLeaving = true;
    clearTimeout(timer);
    if (!isSending) return;
    event.preventDefault();
    await sending;
    form.requestSubmit(event.submitter);
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && wait && unsaved.size) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
    look();
  });
  look();
})();
