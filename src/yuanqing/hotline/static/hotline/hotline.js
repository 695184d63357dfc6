// Comfort only: everything works without this. Hides questions that are not asked, solves the riddle, leaves quickly.
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

const form = document.getElementById("report");
if (form) {
  form.addEventListener("change", () => showAsked(form));
  form.elements.files.addEventListener("change", () => {
    form.elements.had_files.value = form.elements.files.files.length ? "yes" : "";
  });
  showAsked(form);
  if (window.Worker && window.crypto && window.crypto.subtle) solve(form);
}
const said = document.getElementById("said");
if (said) said.focus();
document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  document.body.replaceChildren();
  window.location.replace(event.target.href);
});
