/* The grid of a return, like a sheet: arrows, Enter, Tab, typing replaces, F2 edits, blocks are copied and pasted, undo.
   The inputs are real; without this script they are filled and posted one by one. */
(() => {
  "use strict";
  const FULL = "０１２３４５６７８９－，";
  const HALF = "0123456789-,";

  /* The same rule as parse_cell on the server: digits of either width, separators and spaces; null when it is no integer. */
  function normalise(text) {
    const plain = [...text.trim()].map((ch) => (FULL.includes(ch) ? HALF[FULL.indexOf(ch)] : ch)).join("").replace(/[,\s]/g, "");
    return /^-?\d+$/.test(plain) ? String(parseInt(plain, 10)) : plain === "" ? "" : null;
  }
  const thin = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f").replace("-", "−");

  function setUp(box) {
    box.dataset.ready = "1";
    const facts = JSON.parse(document.getElementById(box.dataset.grid + "-facts").textContent);
    const words = box.querySelector("[data-grid-words]").dataset;
    const bar = box.querySelector("[data-grid-bar]"), barTitle = bar.querySelector("[data-bar-title]"), barFacts = bar.querySelector("[data-bar-facts]");
    const reasons = box.querySelector("[data-grid-reasons]"), reasonTemplate = box.querySelector("[data-reason-template]");
    const lines = [...box.querySelectorAll("tbody tr")].filter((tr) => !tr.classList.contains("grid-heading"));
    const table = lines.map((tr) => [...tr.querySelectorAll("td:not(.sum)")].map((td) => td.querySelector("[data-cell]")));
    const done = [], undone = [];
    let from = null, to = null, editing = false, before = "", dragging = false;

    const place = (input) => { for (let r = 0; r < table.length; r++) { const c = table[r].indexOf(input); if (c >= 0) return [r, c]; } return null; };
    const at = (r, c) => (table[r] ? table[r][c] : undefined);

    /* Values: every change goes through here, so that it can be undone. */
    function write(changes, remember = true) {
      const past = changes.map(([input]) => [input, input.dataset.held ?? input.defaultValue]);
      changes.forEach(([input, text]) => {
        const plain = normalise(text);
        input.value = plain === null ? text.trim() : plain;
        input.dataset.held = input.value;
        check(input);
      });
      const real = past.filter(([input, old]) => old !== input.value);
      if (!real.length) return;
      if (remember) { done.push(real); undone.length = 0; }
      sums();
      box.dispatchEvent(new CustomEvent("grid-changed", { bubbles: true }));
    }
    function step(source, target) {
      const last = source.pop();
      if (!last) return;
      target.push(last.map(([input]) => [input, input.value]));
      write(last, false);
      last[0][0].focus();
      last[0][0].select();
    }

    function check(input) {
      const cell = input.closest("td"), wrong = normalise(input.value) === null;
      cell.classList.toggle("is-wrong", wrong);
      input.setAttribute("aria-invalid", String(wrong));
      const given = input.dataset.prefilled, changed = given !== undefined && input.value !== "" && !wrong && Number(input.value) !== Number(given);
      cell.classList.toggle("is-override", changed);
      askReason(input, changed);
    }

    function askReason(input, wanted) {
      let line = [...reasons.children].find((one) => one.dataset.reasonFor === input.name);
      if (!wanted) { if (line) line.hidden = true; if (line) line.querySelector("input").disabled = true; return; }
      if (!line) {
        line = reasonTemplate.content.firstElementChild.cloneNode(true);
        line.dataset.reasonFor = input.name;
        line.querySelector("input").name = "reason-" + input.name;
        line.dataset.text = line.querySelector("span").textContent;
        reasons.append(line);
      }
      line.hidden = false;
      line.querySelector("input").disabled = false;
      const text = line.dataset.text || reasonTemplate.content.querySelector("span").textContent;
      line.querySelector("span").textContent = text.replace("{name}", facts.cells[input.name].title).replace("{old}", input.dataset.prefilled).replace("{new}", input.value);
    }

    const amount = (td) => {
      const input = td.querySelector("[data-cell]"), shown = td.querySelector("[data-cell-value]");
      return Number(normalise(input ? input.value : shown ? shown.textContent.replace("−", "-") : "") || 0);
    };
    function sums() {
      const feet = [...box.querySelectorAll("[data-column-sum]")], totals = feet.map(() => 0);
      lines.forEach((tr) => {
        let total = 0;
        [...tr.querySelectorAll("td:not(.sum)")].forEach((td, c) => { const n = amount(td); total += n; if (c in totals) totals[c] += n; });
        const side = tr.querySelector("[data-row-sum]");
        if (side) side.textContent = thin(total);
      });
      feet.forEach((td, c) => { td.textContent = thin(totals[c]); });
      const grand = box.querySelector("[data-grand-sum]");
      if (grand) grand.textContent = thin(totals.reduce((a, b) => a + b, 0));
    }

    /* Selection: a rectangle from one cell to another. */
    function rectangle() {
      if (!from || !to) return [];
      const [r1, r2] = [from[0], to[0]].sort((a, b) => a - b), [c1, c2] = [from[1], to[1]].sort((a, b) => a - b);
      return table.slice(r1, r2 + 1).map((row) => row.slice(c1, c2 + 1));
    }
    function mark() {
      box.querySelectorAll(".is-selected").forEach((td) => td.classList.remove("is-selected"));
      const block = rectangle();
      if (block.length > 1 || (block[0] && block[0].length > 1)) block.flat().forEach((input) => input && input.closest("td").classList.add("is-selected"));
    }
    function go(r, c, extend) {
      const next = at(r, c);
      if (next === undefined) return;
      if (extend) { to = [r, c]; mark(); if (next) next.scrollIntoView({ block: "nearest", inline: "nearest" }); return; }
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    }
    function walk(r, c, dr, dc, extend, far) {
      let nr = r + dr, nc = c + dc;
      while (at(nr, nc) !== undefined && ((far && at(nr + dr, nc + dc) !== undefined) || (!at(nr, nc) && !extend))) { nr += dr; nc += dc; }
      go(nr, nc, extend);
    }

    function tell(input) {
      const fact = facts.cells[input.name];
      if (!fact) return;
      barTitle.replaceChildren(Object.assign(document.createElement("strong"), { textContent: fact.title }));
      barFacts.replaceChildren();
      bar.classList.toggle("is-wrong", normalise(input.value) === null);
      if (normalise(input.value) === null) { barFacts.textContent = words.wrong; return; }
      const add = (label, text, href, kind) => {
        const part = document.createElement("span"), strong = document.createElement(href ? "a" : "b");
        part.className = kind || "";
        part.append(label + " ");
        strong.textContent = text;
        if (href) { strong.href = href; strong.target = "_blank"; strong.title = words.open; }
        part.append(strong);
        barFacts.append(part, "\u2003");
      };
      if (fact.prefilled !== null) add(words.prefilled, String(fact.prefilled), fact.href);
      if (fact.past.length === 12 && fact.past[0] !== null) add(words.year, String(fact.past[0]));
      if (fact.past.length) add(words.past, fact.past.map((n) => (n === null ? "·" : n)).join(" "), "", "past");
    }

    box.addEventListener("focusin", (event) => {
      const input = event.target.closest("[data-cell]");
      if (!input) return;
      editing = false;
      before = input.value;
      from = to = place(input);
      mark();
      input.select();
      tell(input);
    });
    box.addEventListener("change", (event) => { if (event.target.matches("[data-cell]")) write([[event.target, event.target.value]]); });
    box.addEventListener("input", (event) => { if (event.target.matches("[data-cell]")) sums(); });
    box.addEventListener("dblclick", (event) => { if (event.target.matches("[data-cell]")) editing = true; });
    box.addEventListener("mousedown", (event) => {
      const input = event.target.closest("[data-cell]");
      if (!input) return;
      if (event.shiftKey && from) { event.preventDefault(); to = place(input); mark(); return; }
      dragging = true;
      if (document.activeElement === input && !editing) editing = event.detail > 1;
    });
    box.addEventListener("mouseover", (event) => {
      const input = event.target.closest("[data-cell]");
      if (dragging && input && event.buttons === 1 && from && input !== at(...from)) { to = place(input); mark(); }
    });
    document.addEventListener("mouseup", () => { dragging = false; });

    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    box.addEventListener("keydown", (event) => {
      const input = event.target.closest("[data-cell]");
      if (!input || event.isComposing) return;
      const [r, c] = place(input), control = event.ctrlKey || event.metaKey, end = to || [r, c];
      if (event.key === "F2") { editing = true; input.setSelectionRange(input.value.length, input.value.length); event.preventDefault(); }
      else if (event.key === "Enter") { event.preventDefault(); commit(input); editing = false; walk(r, c, event.shiftKey ? -1 : 1, 0); }
      else if (event.key === "Escape") { input.value = before; editing = false; sums(); input.select(); event.stopPropagation(); }
      else if (event.key in arrows && !editing) {
        event.preventDefault();
        commit(input);
        const [dr, dc] = arrows[event.key];
        if (event.shiftKey) walk(end[0], end[1], dr, dc, true, control);
        else walk(r, c, dr, dc, false, control);
      } else if (event.key === "Delete" && !editing) {
        event.preventDefault();
        write(rectangle().flat().filter(Boolean).map((one) => [one, ""]));
      } else if (control && !editing && event.key.toLowerCase() === "z") { event.preventDefault(); commit(input); step(done, undone); }
      else if (control && !editing && event.key.toLowerCase() === "y") { event.preventDefault(); step(undone, done); }
    });
    function commit(input) { if (input.value !== (input.dataset.held ?? input.defaultValue)) write([[input, input.value]]); }

    box.addEventListener("copy", (event) => {
      const block = rectangle();
      if (!block.length || editing) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", block.map((row) => row.map((one) => (one ? one.value : "")).join("\t")).join("\n"));
    });
    box.addEventListener("cut", (event) => {
      if (editing) return;
      event.preventDefault();
      const block = rectangle();
      event.clipboardData.setData("text/plain", block.map((row) => row.map((one) => (one ? one.value : "")).join("\t")).join("\n"));
      write(block.flat().filter(Boolean).map((one) => [one, ""]));
    });
    box.addEventListener("paste", (event) => {
      const input = event.target.closest("[data-cell]");
      if (!input || editing) return;
      event.preventDefault();
      const rows = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
      const block = rectangle(), r0 = Math.min(from[0], to[0]), c0 = Math.min(from[1], to[1]);
      const single = rows.length === 1 && rows[0].length === 1;
      const changes = single && block.flat().length > 1
        ? block.flat().filter(Boolean).map((one) => [one, rows[0][0]])
        : rows.flatMap((row, i) => row.map((text, j) => [at(r0 + i, c0 + j), text])).filter(([one]) => one);
      write(changes);
      to = single ? to : [Math.min(r0 + rows.length, table.length) - 1, Math.min(c0 + rows[0].length, table[0].length) - 1];
      mark();
      input.select();
      tell(input);
      if (!single) barFacts.textContent = words.pasted.replace("{n}", changes.length);
    });

    const form = box.closest("form");
    if (form) form.addEventListener("restored", () => { table.flat().filter(Boolean).forEach((one) => { one.dataset.held = one.value; check(one); }); sums(); });
    sums();
  }

  const start = () => document.querySelectorAll("[data-grid]:not([data-ready])").forEach(setUp);
  document.addEventListener("htmx:afterSwap", start);
  start();
})();
