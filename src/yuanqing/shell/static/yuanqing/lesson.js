/* A film that is watched: where it stands is told to the server every few seconds, with a ticket good for one report.
   And a film that is sent: in pieces, which go on where the line broke. */
(() => {
  "use strict";
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  function watch(box) {
    const film = box.querySelector("video"), bar = box.querySelector("[data-share]");
    if (!film || !bar) return;
    const percent = box.querySelector("[data-percent]"), words = box.querySelector("[data-words]");
    const every = Number(box.dataset.every), gap = Number(box.dataset.gap);
    let ticket = "", last = 0, busy = false, isOver = false, timer = 0, played = 0;

    async function ask(url, fields) {
      const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token() } });
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error("signed out");
      return [answer.status, await answer.json()];
    }
    function show(told) {
      ticket = told.ticket;
      last = Date.now();
      bar.value = told.share;
      percent.textContent = (told.share / 100).toFixed(1) + "%";
      words.textContent = told.is_finished ? box.dataset.finished : told.words || "";
    }
    function stop(sentence) { isOver = true; ticket = ""; clearInterval(timer); film.pause(); words.textContent = sentence; }

    async function open() {
      const [status, told] = await ask(box.dataset.open, {});
      if (status !== 200) return stop(told.detail);
      isOver = false;
      show(told);
      if (film.currentTime < 0.5 && told.at > 1 && told.at < film.duration - 1) film.currentTime = played = told.at;
      else if (Math.abs(film.currentTime - told.at) > 0.5) await report(film.currentTime, true, true); /* where it begins */
    }
    async function report(position, isVisible, isQuiet) {
      if (!ticket || busy || isOver) return;
      busy = true;
      try {
        const fields = { ticket, position: position.toFixed(2), visible: isVisible ? "on" : "", rate: film.playbackRate };
        const [status, told] = await ask(box.dataset.report, fields);
        if (status !== 200) stop(status === 409 ? box.dataset.elsewhere : told.detail);
        else { show(told); if (isQuiet) words.textContent = ""; }
      } catch {
        if (Date.now() - last > (gap - 20) * 1000) { film.pause(); words.textContent = box.dataset.offline; }
      } finally { busy = false; }
    }
    const now = () => report(film.currentTime, !document.hidden);
    film.addEventListener("timeupdate", () => { if (!film.seeking) played = film.currentTime; });
    film.addEventListener("play", async () => {
      clearInterval(timer);
      if (!ticket || isOver || Date.now() - last > gap * 900) {
        film.pause();
        try { await open(); } catch { words.textContent = box.dataset.offline; return; }
        if (isOver) return;
        film.play();
        return;
      }
      timer = setInterval(now, every * 1000);
    });
    film.addEventListener("pause", () => { clearInterval(timer); if (!document.hidden && !film.seeking) now(); });
    film.addEventListener("ended", now);
    film.addEventListener("seeking", async () => {
      if (Math.abs(film.currentTime - played) < 0.5) return;
      const from = played;
      played = film.currentTime;
      await report(from, true, true); /* what was seen before the jump */
      await report(film.currentTime, true, film.currentTime < from);
    });
    film.addEventListener("ratechange", () => { if (film.playbackRate > 1) film.playbackRate = 1; });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden || film.paused) return;
      report(film.currentTime, true, true); /* seen until now */
      film.pause();
    });
  }

  const PIECE = 4 * 1024 * 1024;
  function send(form) {
    const words = form.querySelector("[data-words]"), bar = form.querySelector("[data-bar]");
    async function call(method, url, body, kind) {
      const headers = { "X-CSRFToken": token() };
      if (kind) headers["Content-Type"] = kind;
      const answer = await fetch(url, { method, body, headers });
      return [answer.status, await answer.json().catch(() => ({}))];
    }
    const told = (data) => typeof data.detail === "string" ? data.detail : Object.values(data.detail || {}).flat().join(" ");

    form.addEventListener("submit", async (event) => {
      const file = form.querySelector("input[type=file]").files[0];
      if (!file) return;
      event.preventDefault();
      const button = form.querySelector("button"), key = ["upload", form.dataset.about, file.name, file.size, file.lastModified].join(":");
      button.disabled = true;
      bar.classList.remove("is-hidden");
      let id = localStorage.getItem(key), at = 0;
      if (id) {
        const [status, known] = await call("GET", `/api/shell/file/uploads/${id}/`);
        if (status === 200) at = known.received; else id = "";
      }
      if (!id) {
        const wanted = { name: file.name, size: file.size, purpose: form.dataset.purpose, about: form.dataset.about, unit: form.dataset.unit };
        const [status, made] = await call("POST", "/api/shell/file/uploads/", JSON.stringify(wanted), "application/json");
        if (status !== 201) { words.textContent = told(made); button.disabled = false; return; }
        id = made.id;
        localStorage.setItem(key, id);
      }
      while (at < file.size) {
        try {
          const [status, held] = await call("PUT", `/api/shell/file/uploads/${id}/?offset=${at}`, file.slice(at, at + PIECE), "application/octet-stream");
          if (status === 200) at = held.received;
          else if (status === 409) at = (await call("GET", `/api/shell/file/uploads/${id}/`))[1].received;
          else { words.textContent = told(held); localStorage.removeItem(key); button.disabled = false; return; }
          bar.value = 100 * at / file.size;
          words.textContent = `${form.dataset.sending} ${Math.floor(bar.value)}%`;
        } catch { words.textContent = form.dataset.broken; await wait(5); }
      }
      const [status, done] = await call("POST", `/api/shell/file/uploads/${id}/finish/`);
      localStorage.removeItem(key);
      if (status === 201) location.reload(); else { words.textContent = told(done); button.disabled = false; }
    });
  }

  const start = () => {
    document.querySelectorAll("[data-lesson]").forEach(watch);
    document.querySelectorAll("form[data-upload]").forEach(send);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
