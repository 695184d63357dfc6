/* The window around a SCORM package: asks for a ticket and the package's address, and hands on what the package says, one
   report after the other; the last state is sent again until the server has taken it. */
(() => {
  "use strict";
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  function play(box) {
    const frame = box.querySelector("iframe"), words = box.querySelector("[data-words]");
    const every = Number(box.dataset.every) * 1000;
    let ticket = "", said = "", sent = "", busy = false, isOver = false, last = 0;

    async function ask(url, fields, keepalive) {
      const answer = await fetch(url, {
        method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token() }, keepalive: Boolean(keepalive),
      });
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error("signed out");
      return [answer.status, await answer.json()];
    }
    function stop(sentence) { isOver = true; words.textContent = sentence; frame.removeAttribute("src"); }

    async function report(isLast) {
      if (!ticket || busy || isOver) return;
      busy = true;
      const now = said;
      try {
        const [status, told] = await ask(box.dataset.report, { ticket, cmi: now }, isLast && now.length < 50000);
        if (status === 200) {
          ticket = told.ticket;
          last = Date.now();
          if (!told.is_stale) sent = now;
          words.textContent = told.words;
        } else if (status === 409) stop(told.detail);
        else words.textContent = told.detail;
      } catch { words.textContent = box.dataset.offline; }
      finally { busy = false; }
    }
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || typeof event.data !== "object" || event.data === null) return;
      if (typeof event.data.courseware !== "string" || event.data.courseware.length > 500000) return;
      said = event.data.courseware;
      report(false);
    });
    setInterval(() => {
      if (document.hidden && sent === said) return;
      if (sent !== said || Date.now() - last > every) report(false);
    }, 2000);
    window.addEventListener("pagehide", () => { if (sent !== said) report(true); });

    (async () => {
      try {
        const [status, opened] = await ask(box.dataset.open, { part: box.dataset.part });
        if (status !== 200) return stop(opened.detail);
        ticket = opened.ticket;
        last = Date.now();
        frame.src = opened.address;
      } catch { words.textContent = box.dataset.offline; }
    })();
  }
  const start = () => document.querySelectorAll("[data-courseware]").forEach(play);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
