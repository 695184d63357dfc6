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

function missing(form) {
  const asked = [...form.querySelectorAll("[data-required]")].filter((field) => !field.hidden);
  const fields = asked.map((field) => field.querySelector("input, select, textarea"));
  if (isNamed(form)) fields.push(form.elements.name, form.elements.contact);
  return fields.filter((one) => !one.value.trim());
}

function say(form, text, first) {
  const before = document.getElementById("said");
  if (before) before.remove();
  const said = document.createElement("div");
  Object.assign(said, { className: "said", id: "said", tabIndex: -1 });
  said.setAttribute("role", "alert");
  said.append(...(typeof text === "string" ? [Object.assign(document.createElement("p"), { textContent: text })] : text));
  form.before(said);
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
  const gaps = missing(form);
  for (const one of form.elements) one.removeAttribute("aria-invalid");
  if (gaps.length) {
    for (const one of gaps) one.setAttribute("aria-invalid", "true");
    say(form, form.dataset.missing, gaps[0]);
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
    form.addEventListener("submit", send);
  }
}
const said = document.getElementById("said");
if (said) said.focus();
document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  document.body.replaceChildren();
  window.location.replace(event.target.href);
});
