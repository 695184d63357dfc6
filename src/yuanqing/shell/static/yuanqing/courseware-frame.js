/* Stands in the page of a SCORM package, before its own scripts, in a sandbox without origin. The runtime answers the package at
   once; whatever changes is told to the window around, which alone may speak with the server. */
(() => {
  "use strict";
  const start = JSON.parse(document.currentScript.dataset.start), isOld = start.edition === "1.2";
  const settings = { autocommit: true, autocommitSeconds: 20, logLevel: 5 };
  const api = isOld ? new window.Scorm12API(settings) : new window.Scorm2004API(settings);
  api.loadFromJSON(start.cmi);
  window[isOld ? "API" : "API_1484_11"] = api;

  let timer = 0;
  const around = () => window.top;
  function tell(isOver) {
    clearTimeout(timer);
    timer = 0;
    around().postMessage({ courseware: JSON.stringify(api.renderCMIToJSONObject().cmi), isOver }, start.origin);
  }
  const soon = () => { if (!timer) timer = setTimeout(() => tell(false), 800); };
  const names = isOld ? ["LMSSetValue.cmi.*", "LMSCommit", "LMSFinish"] : ["SetValue.cmi.*", "Commit", "Terminate"];
  api.on(names[0], soon);
  api.on(names[1], () => tell(false));
  api.on(names[2], () => tell(true));
  window.addEventListener("pagehide", () => tell(true));
})();
