/* The frame: theme, menus, shortcuts, command palette, confirmation, messages. Every page also works without this. */
(() => {
  "use strict";
  const root = document.documentElement;
  const words = () => document.getElementById("words").dataset;
  const loaded = new Set();

  function load(url) {
    if (!url || loaded.has(url)) return;
    loaded.add(url);
    const script = document.createElement("script");
    script.src = url;
    script.async = false;
    document.head.append(script);
  }

  /* Pictures and grids bring their scripts only where a page shows one. */
  function loadWhatIsNeeded() {
    if (document.querySelector("[data-chart]")) { load(words().echartsScript); load(words().chartsScript); }
    if (document.querySelector("[data-grid]")) load(words().gridScript);
  }

  /* Theme: switched at once, remembered by the server for the next page. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    root.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("theme-changed"));
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  });

  /* Menus and panels close on Escape and on a click elsewhere. */
  const openMenus = () => document.querySelectorAll("details[data-menu][open], details[data-dialog][open], details[data-nav-fold][open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* Confirmation of dangerous acts. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = form.dataset ? form.dataset.confirm : "";
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    const dialog = document.getElementById("confirm");
    const submitter = event.submitter;
    document.getElementById("confirm-text").textContent = question;
    dialog.querySelector("[data-confirm-yes]").textContent = submitter ? submitter.textContent.trim() : "✓";
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "1";
      form.requestSubmit(submitter || undefined);
      delete form.dataset.confirmed;
    }, { once: true });
  }, true);

  /* Command palette: pages of the navigation filtered here, records found by the server. */
  const palette = () => document.getElementById("palette");
  let active = -1;

  function pagesOf() {
    const seen = new Map();
    document.querySelectorAll(".sidebar [data-nav]").forEach((link) => {
      const group = link.closest(".nav-group").querySelector("h2").textContent.trim();
      seen.set(link.href, { href: link.href, label: link.querySelector("span").textContent.trim(), group });
    });
    return [...seen.values()];
  }

  function drawPages(text) {
    const list = document.querySelector("[data-palette-pages]");
    const wanted = text.trim().toLowerCase();
    const found = pagesOf().filter((p) => (p.label + p.group).toLowerCase().includes(wanted)).slice(0, 12);
    list.replaceChildren(...found.map((page) => {
      const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
      link.href = page.href;
      link.textContent = page.label;
      small.textContent = page.group;
      link.append(small);
      item.append(link);
      return item;
    }));
    active = -1;
    mark(wanted ? 0 : -1);
  }

  const choices = () => [...palette().querySelectorAll(".palette-list a")];
  function mark(index) {
    const all = choices();
    active = Math.max(-1, Math.min(index, all.length - 1));
    all.forEach((link, i) => link.classList.toggle("is-active", i === active));
    if (active >= 0) all[active].scrollIntoView({ block: "nearest" });
  }

  function openPalette() {
    const box = palette();
    if (!box || box.open) return;
    const input = box.querySelector("[data-palette-input]");
    box.showModal();
    input.value = "";
    drawPages("");
    input.focus();
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-palette-input]")) drawPages(event.target.value);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open='palette']")) openPalette();
    else if (event.target === palette()) palette().close();
    if (event.target.closest("[data-print]")) window.print();
    const closed = event.target.closest("[aria-disabled='true']");
    if (closed) event.preventDefault();
  });

  /* Shortcuts. */
  let lastEscape = 0;
  const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (event.key === "/" && !typing(event.target)) {
      const box = document.querySelector("[data-shortcut='/']");
      if (box) { event.preventDefault(); box.focus(); }
    } else if (event.key === "Escape") {
      openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
      const discreet = document.querySelector("[data-quick-hide]");
      if (discreet && event.timeStamp - lastEscape < 600) location.replace("/about/");
      lastEscape = event.timeStamp;
    } else if (palette() && palette().open && ["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
      if (event.key === "Enter" && active < 0) return;
      event.preventDefault();
      if (event.key === "Enter") choices()[active].click();
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    }
  });

  /* A question asked only under an answer shows only with it, and is not sent without; what is wrong is always shown. */
  function showAsked(form) {
    form.querySelectorAll("[data-when]").forEach((one) => {
      const [name, words] = one.dataset.when.split("=");
      const named = [...form.elements].filter((other) => other.name === name.replace("!", ""));
      const given = named.filter((other) => !["checkbox", "radio"].includes(other.type) || other.checked).map((other) => other.value);
      const field = one.closest(".field");
      const isAsked = words.split(" ").some((word) => given.includes(word)) !== name.endsWith("!");
      field.hidden = !isAsked && !field.classList.contains("is-wrong");
      one.disabled = field.hidden;
    });
  }
  document.addEventListener("change", (event) => { if (event.target.form) showAsked(event.target.form); });

  /* The digest of a file is taken in the browser: the file stays where it is. */
  function offerDigest(field) {
    if (!window.crypto || !window.crypto.subtle) return;
    const label = Object.assign(document.createElement("label"), { className: "digest-of", textContent: words().digest });
    const file = Object.assign(document.createElement("input"), { type: "file", className: "form-control" });
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.files[0].arrayBuffer()));
      field.value = Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
    });
    label.append(file);
    field.after(label);
  }

  /* A request that did not arrive, or failed, is said in the messages and never lost in silence. */
  function say(text) {
    const box = document.getElementById("messages");
    if (!box) return;
    const notice = document.createElement("div");
    notice.className = "notice tone-error";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    box.replaceChildren(notice);
    box.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:sendError", () => say(words().network));
  document.addEventListener("htmx:responseError", () => say(words().network));
  document.addEventListener("htmx:afterSwap", loadWhatIsNeeded);

  function start() {
    loadWhatIsNeeded();
    document.querySelectorAll("form").forEach(showAsked);
    document.querySelectorAll("[data-digest]").forEach((one) => { if (one.matches("input")) offerDigest(one); });
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
