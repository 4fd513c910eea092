// Counts the chosen times, remembers their order, and shows them in the reader's own zone.
(() => {
  const form = document.querySelector("form[data-max]");
  if (!form) return;
  const query = new URLSearchParams(location.search);
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isFirstVisit =
    !query.has("zone") && location.pathname === new URL(form.action, location).pathname;
  if (isFirstVisit && mine && mine !== form.elements.zone.value) {
    query.set("zone", mine);
    location.replace(`?${query}`);
    return;
  }

  const most = Number(form.dataset.max);
  const status = form.querySelector("[role=status]");
  const boxes = [...form.querySelectorAll("input[name=t]")];
  const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
  const word = (count) => words[count] || String(count);
  let order = form.elements.order.value.split(",");

  const show = (trouble) => {
    const isChosen = (value) => boxes.some((box) => box.checked && box.value === value);
    order = order.filter(isChosen);
    for (const box of boxes) {
      if (box.checked && !order.includes(box.value)) order.push(box.value);
    }
    for (const box of boxes) {
      const { dataset } = box.parentElement;
      if (box.checked && 1 < most) dataset.rank = order.indexOf(box.value) + 1;
      else delete dataset.rank;
    }
    form.elements.order.value = order.join();
    if (!status) return;
    const some = most === 1 ? "Choose a time." : `Choose up to ${word(most).toLowerCase()} times.`;
    const chosen =
      most === 1 ? "Chosen." : `${word(order.length)} of ${word(most).toLowerCase()} chosen.`;
    status.textContent = trouble || (order.length ? chosen : some);
  };

  form.addEventListener("change", ({ target }) => {
    if (target.name !== "t") return;
    const count = boxes.filter((box) => box.checked).length;
    if (count <= most) return show();
    if (most === 1) {
      for (const box of boxes) box.checked = box === target;
      return show();
    }
    target.checked = false;
    show(`${word(most)} at the most. Take one away first.`);
  });
  addEventListener("pageshow", () => show());
  show();
})();
