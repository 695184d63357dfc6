// Comfort and one thing more: hides questions that are not asked, solves the riddle, leaves quickly, and seals what is
// written before it leaves the browser. Everything works without this; then the server seals.
"use strict";

function showAsked(form) {
  for (const field of form.querySelectorAll("[data-when]")) {
    const others = [...form.elements].filter((one) => one.name === field.dataset.when);
    const chosen = others.find((one) => one.type !== "radio" || one.checked);
    field.hidden = !chosen || chosen.value !== field.dataset.is;
  }
  for (const hint of form.querySelectorAll(".condition")) hint.hidden = true;
}

function solve(form) {
  const worker = new Worker(form.dataset.worker);
  const wait = document.getElementById("wait");
  worker.onmessage = (event) => {
    form.elements.answer.value = event.data;
    wait.textContent = wait.dataset.ready;
    worker.terminate();
  };
  worker.postMessage({ riddle: form.dataset.riddle, bits: Number(form.dataset.bits) });
}

// Sealing

const isNamed = (form) => form.elements.named.value === "yes";
const isSecret = (name) => name.startsWith("q.") || name === "name" || name === "contact";

const errorOf = (one) => `e-${one.id || one.name}`;

function gapsIn(form) {
  const asked = [...form.querySelectorAll("[data-required]")].filter((field) => !field.hidden);
  const fields = asked.map((field) => field.querySelector("input, select, textarea"));
  return fields.filter((one) => (one.type === "radio" ? !form.elements[one.name].value : !one.value.trim()));
}

function unmark(form) {
  for (const old of form.querySelectorAll(".error")) old.remove();
  for (const one of form.elements) {
    one.removeAttribute("aria-invalid");
    const said = (one.getAttribute("aria-describedby") || "").split(" ").filter((id) => document.getElementById(id));
    if (said.length) one.setAttribute("aria-describedby", said.join(" "));
    else one.removeAttribute("aria-describedby");
  }
}

function mark(form, gaps) {
  const list = document.createElement("ul");
  for (const one of gaps) {
    const group = one.type === "radio" ? one.closest("fieldset") : null;
    const name = group ? group.querySelector("legend") : form.querySelector(`label[for="${one.id}"]`);
    const error = Object.assign(document.createElement("p"), { className: "error", id: errorOf(one) });
    error.textContent = one.closest("[data-required]").dataset.required || form.dataset.gap;
    (group ? name : one).insertAdjacentElement(group ? "afterend" : "beforebegin", error);
    const told = group || one;
    told.setAttribute("aria-describedby", `${error.id} ${told.getAttribute("aria-describedby") || ""}`.trim());
    one.setAttribute("aria-invalid", "true");
    const item = list.appendChild(document.createElement("li"));
    const words = [...name.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim());
    const link = Object.assign(document.createElement("a"), { href: `#${told.id}`, textContent: words.join("") });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      one.focus();
    });
    item.append(link);
  }
  const said = Object.assign(document.createElement("p"), { textContent: form.dataset.missing });
  say(form, [said, list], gaps[0]);
}

function say(form, text, first) {
  const before = document.getElementById("said");
  if (before) before.remove();
  const said = document.createElement("div");
  Object.assign(said, { className: "said", id: "said", tabIndex: -1 });
  said.setAttribute("role", "alert");
  said.append(...(typeof text === "string" ? [Object.assign(document.createElement("p"), { textContent: text })] : text));
  form.before(said);
  if (!document.title.startsWith(form.dataset.unsent)) document.title = `${form.dataset.unsent} · ${document.title}`;
  (first || said).focus();
}

function content(form, plan) {
  const answers = {};
  for (const one of form.elements) {
    if (one.name.startsWith("q.") && !one.closest(".field").hidden) answers[one.name.slice(2)] = one.value.trim();
  }
  const said = { channel: plan.kind, pack: plan.pack, answers, files: [], receipt: plan.receipt };
  if (isNamed(form)) said.reporter = { name: form.elements.name.value.trim(), contact: form.elements.contact.value.trim() };
  return said;
}

function entitled(form, plan) {
  if (plan.up.levels.includes(form.elements.level.value)) return plan.up.holders;
  const excluded = new FormData(form).getAll("exclude");
  const chosen = Object.entries(plan.holders).filter(([id]) => !excluded.includes(id));
  return chosen.length ? { ...Object.fromEntries(chosen), ...plan.always } : {};
}

async function sealedData(form) {
  const plan = JSON.parse(form.dataset.plan);
  const holders = entitled(form, plan);
  if (!Object.keys(holders).length) return null;
  const { seal } = await import(plan.script);
  const data = new FormData(form);
  for (const name of new Set([...data.keys()].filter(isSecret))) data.delete(name);
  data.set("had_files", "");
  data.set("sealed", await seal(plan, holders, content(form, plan)));
  return data;
}

function answered(form, page, status) {
  document.title = page.title;
  const fresh = page.getElementById("report");
  if (status !== 422 || !fresh) {
    document.getElementById("main").replaceWith(page.getElementById("main"));
    window.scrollTo(0, 0);
    document.getElementById("main").focus();
    return;
  }
  Object.assign(form.dataset, { riddle: fresh.dataset.riddle, bits: fresh.dataset.bits, plan: fresh.dataset.plan });
  form.elements.token.value = fresh.elements.token.value;
  form.elements.answer.value = "";
  solve(form);
  say(form, [...page.getElementById("said").childNodes]);
}

async function send(event) {
  const form = event.target;
  event.preventDefault();
  const gaps = gapsIn(form);
  unmark(form);
  if (gaps.length) {
    mark(form, gaps);
    return;
  }
  const button = form.querySelector("button.main");
  button.disabled = true;
  let data = null;
  try {
    data = await sealedData(form);
  } catch {
    data = null;
  }
  if (!data) {
    form.submit(); // the server seals
    return;
  }
  try {
    const response = await fetch(form.action, { method: "POST", body: data });
    answered(form, new DOMParser().parseFromString(await response.text(), "text/html"), response.status);
  } catch {
    say(form, form.dataset.failed);
  }
  button.disabled = false;
}

const form = document.getElementById("report");
if (form) {
  form.addEventListener("change", () => showAsked(form));
  form.elements.files.addEventListener("change", () => {
    form.elements.had_files.value = form.elements.files.files.length ? "yes" : "";
  });
  showAsked(form);
  if (window.Worker && window.crypto && window.crypto.subtle) {
    solve(form);
    form.noValidate = true; // the page says itself what is missing, at the field and in its own language
    form.addEventListener("submit", send);
  }
}
const said = document.getElementById("said");
if (said) said.focus();
document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  document.title = "";
  document.body.replaceChildren();
  window.location.replace(event.target.href);
});
