/* Long forms save themselves: 2 s after a change to the server; what has not arrived is kept in this browser and offered back. */
(() => {
  "use strict";
  const WAIT = 2000;
  const words = () => document.getElementById("words").dataset;

  function values(form) {
    const kept = {};
    for (const [name, value] of new FormData(form)) {
      const input = form.elements[name];
      if (name === "csrfmiddlewaretoken" || name === "revision" || typeof value !== "string" || (input && input.type === "password")) continue;
      (kept[name] ||= []).push(value);
    }
    return kept;
  }

  function fill(form, kept) {
    for (const input of form.elements) {
      if (!input.name || input.type === "hidden" || input.type === "file") continue;
      const given = kept[input.name];
      if (input.type === "checkbox" || input.type === "radio") input.checked = Boolean(given && given.includes(input.value));
      else if (given) input.value = given[0];
    }
    form.dispatchEvent(new Event("restored", { bubbles: true }));
  }

  function watch(form) {
    const url = form.dataset.autosave;
    const key = "draft:" + location.host + ":" + (form.dataset.autosaveKey || location.pathname);
    let box = form.querySelector("[data-saved]");
    if (!box) { box = document.createElement("p"); box.className = "saved"; box.setAttribute("role", "status"); form.append(box); }
    let timer = 0, dirty = false, changes = 0, isSending = false;

    function show(text, wrong) { box.textContent = text; box.classList.toggle("is-wrong", Boolean(wrong)); }
    function keep() { try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: values(form) })); } catch { /* full or forbidden */ } }
    function forget() { try { localStorage.removeItem(key); } catch { /* forbidden */ } }

    async function save() {
      if (isSending) { clearTimeout(timer); timer = setTimeout(save, WAIT / 4); return; } /* one after the other: each names the revision it follows */
      isSending = true;
      const mine = changes;
      show(words().saving);
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      try {
        const answer = await fetch(url, { method: "POST", body, headers: { "X-Autosave": "1" } });
        const revision = answer.headers.get("X-Revision");
        if (revision && form.elements.revision) form.elements.revision.value = revision;
        if (!answer.ok) {
          const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
          show(plain ? await answer.text() : words().unsaved, true);
          return;
        }
        if (mine === changes) { dirty = false; forget(); }
        show(words().saved + " " + new Date().toTimeString().slice(0, 5));
      } catch {
        show(words().unsaved + " · " + words().network, true);
        timer = setTimeout(save, WAIT * 5);
      } finally { isSending = false; }
    }

    function changed(event) {
      if (event && event.target.type === "file") return;
      dirty = true;
      changes += 1;
      keep();
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("grid-changed", changed);
    form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); forget(); });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch { /* none */ }
    if (draft && JSON.stringify(draft.values) !== JSON.stringify(values(form))) offer(draft);

    function offer(found) {
      const notice = document.createElement("div"), text = document.createElement("span");
      notice.className = "notice tone-warning";
      text.textContent = words().recover + " " + new Date(found.at).toLocaleString() + " ";
      const yes = button(words().restore, () => { fill(form, found.values); notice.remove(); changed(); });
      const no = button(words().forget, () => { forget(); notice.remove(); });
      notice.append(text, yes, no);
      form.prepend(notice);
    }
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  const start = () => document.querySelectorAll("form[data-autosave]").forEach((form) => {
    if (!form.dataset.watched) { form.dataset.watched = "1"; watch(form); }
  });
  document.addEventListener("htmx:afterSwap", start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
