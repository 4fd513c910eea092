// Keeps the order of the choice, finds the reader's zone, turns to another day within the page.
// What fails is left to the form itself.
const form = document.querySelector(".calendar");
const most = Number(form.dataset.max);
const said = form.querySelector(".sr");
const count = form.querySelector(".bar-below p") ?? said;
const hint = count.textContent;
const boxes = () => [...form.querySelectorAll("[name=t]")];
const ticked = () => [...new Set(boxes().flatMap((box) => (box.checked ? box.value : [])))];
let latest = 0;

const address = (fields) => {
  const query = new URLSearchParams(new FormData(form));
  for (const name in fields) query.set(name, fields[name]);
  return `${form.action.split("#")[0]}?${query}`;
};

const show = (trouble) => {
  const chosen = ticked();
  const { order } = form.elements;
  const kept = order.value.split(",").filter((value) => chosen.includes(value));
  const ranked = [...new Set([...kept, ...chosen])];
  order.value = ranked;
  for (const box of boxes()) {
    const { dataset } = box.parentElement;
    if (box.checked && 1 < most) dataset.rank = ranked.indexOf(box.value) + 1;
    else delete dataset.rank;
  }
  const words = chosen.length ? `${chosen.length} of ${most} chosen.` : hint;
  count.textContent = trouble || words;
  form.removeAttribute("aria-busy");
  history.replaceState(1, "", address());
};

// The zones that the list leaves out, their city first.
const nameZones = () => {
  const { zone } = form.elements;
  for (const name of Intl.supportedValuesOf?.("timeZone") ?? []) {
    const place = name.replaceAll("_", " ").split("/").reverse().join(", ");
    if (!zone.querySelector(`[value="${name}"]`)) zone.add(new Option(place, name));
  }
};

const swap = (part) => {
  const old = form.querySelector(".choice");
  const at = document.activeElement;
  old.replaceWith(part);
  nameZones();
  show();
  if (at.closest(".zone")) part.querySelector("summary").focus();
  else if (old.contains(at)) {
    const same = at.id ? `#${at.id}` : `.month [value="${at.value}"]`;
    const next = part.querySelector(same) ?? part.querySelector(".month button");
    next?.focus({ preventScroll: true });
    part.querySelector("legend, h2").scrollIntoView({ block: "nearest" });
  }
  said.textContent = part.dataset.said;
};

const turn = async (fields, isNew) => {
  latest += 1;
  const [mine, url, sent] = [latest, address(fields), `${ticked()}`];
  form.setAttribute("aria-busy", true);
  try {
    const text = await (await fetch(url)).text();
    if (mine !== latest) return;
    // A time was ticked meanwhile.
    if (sent !== `${ticked()}`) return turn(fields, isNew);
    const part = new DOMParser().parseFromString(text, "text/html").querySelector(".choice");
    if (part && isNew) history.pushState(1, "", url);
    swap(part);
  } catch {
    if (mine === latest) location.assign(url);
  }
};

form.addEventListener("submit", (event) => {
  const { submitter } = event;
  latest += 1;
  if (!submitter?.name) return;
  event.preventDefault();
  turn({ [submitter.name]: submitter.value }, true);
});

form.addEventListener("change", ({ target }) => {
  if (target.name !== "t") return;
  const tick = (checked) => {
    for (const box of boxes()) {
      if (box.value === target.value) box.checked = checked;
      else if (most === 1) box.checked = false;
    }
  };
  tick(target.checked);
  if (ticked().length <= most) return show();
  tick(false);
  show(`${most} at the most. Take one away first.`);
});

addEventListener("popstate", ({ state }) => {
  const query = new URLSearchParams(location.search);
  // Without a state it is a leap within the page.
  if (state) turn({ day: query.get("day"), zone: query.get("zone") });
});
addEventListener("pagehide", () => (latest += 1));
addEventListener("pageshow", () => show());

nameZones();
show();
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if ("guess" in form.dataset && timeZone !== form.elements.zone.value) turn({ zone: timeZone });
