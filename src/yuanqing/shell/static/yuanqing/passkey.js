/* Passkeys: asks the browser for one and sends what it answers with the form. Without scripts the other ways remain.

   <form data-passkey="create|get" data-options="id of a JSON script" or data-options-url="…"> with a hidden `credential`. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(kind, options, form) {
    const wanted = structuredClone(options.publicKey);
    wanted.challenge = bytes(wanted.challenge);
    if (kind === "get") return { publicKey: { ...wanted, allowCredentials: named(wanted.allowCredentials) } };
    wanted.user.id = bytes(wanted.user.id);
    const alone = form.querySelector("[name=passwordless]");
    const isAlone = alone ? alone.checked : false;
    const selection = { ...wanted.authenticatorSelection, residentKey: isAlone ? "required" : "discouraged", requireResidentKey: isAlone };
    if (isAlone) selection.userVerification = "required";
    return { publicKey: { ...wanted, authenticatorSelection: selection, excludeCredentials: named(wanted.excludeCredentials) } };
  }

  function answered(found) {
    const response = { clientDataJSON: text(found.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[part]) response[part] = text(found.response[part]);
    }
    if (found.response.getTransports) response.transports = found.response.getTransports();
    return {
      id: found.id, rawId: text(found.rawId), type: found.type, response,
      authenticatorAttachment: found.authenticatorAttachment || undefined,
      clientExtensionResults: found.getClientExtensionResults(),
    };
  }

  async function options(form) {
    if (!form.dataset.optionsUrl) {
      const given = JSON.parse(document.getElementById(form.dataset.options).textContent);
      return given.creation_options || given.request_options;
    }
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).request_options;
  }

  async function run(form) {
    const kind = form.dataset.passkey;
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-passkey-failed]");
    if (failed) failed.hidden = true;
    button.disabled = true;
    try {
      const found = await navigator.credentials[kind](asked(kind, await options(form), form));
      form.querySelector("[name=credential]").value = JSON.stringify(answered(found));
      form.submit();
    } catch {
      if (failed) failed.hidden = false;
      button.disabled = false;
    }
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  });
})();
