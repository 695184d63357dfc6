// Seals a report in the browser, in the same form as the server would: nobody between here and those entitled reads it.
// Pure functions; hotline.js draws. Without scripts the server seals what it is sent.
import { Encrypter, generateX25519Identity, identityToRecipient } from "../modules/age-encryption/dist/index.js";

const SMALLEST = 512, TRAILER = 8;
const encoder = new TextEncoder();

export function header(deployment, channel, record, field) {
  return encoder.encode(`${JSON.stringify({ channel, deployment, field, record, version: 1 })}\n`);
}

// Padmé: the next length of which only the leading bits vary.
export function paddedLength(length) {
  const least = Math.max(length, SMALLEST);
  const exponent = 31 - Math.clz32(least);
  const step = 2 ** (exponent - (32 - Math.clz32(exponent)));
  return Math.ceil(least / step) * step;
}

export function wrapped(content, head) {
  const whole = new Uint8Array(paddedLength(head.length + content.length + TRAILER));
  whole.set(head);
  whole.set(content, head.length);
  new DataView(whole.buffer).setUint32(whole.length - 4, content.length);
  return whole;
}

async function sealed(content, head, recipient) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(wrapped(content, head));
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

// plan: what the page says about the form; holders: id → public key of everybody entitled; said: the content.
export async function seal(plan, holders, said) {
  const secret = await generateX25519Identity();
  const recipient = await identityToRecipient(secret);
  const place = header(plan.deployment, plan.channel, `${plan.report}/${plan.content}`, "content");
  const content = await sealed(encoder.encode(JSON.stringify(said)), place, recipient);
  const wraps = {};
  for (const [id, key] of [...Object.entries(holders), ["", plan.receipt]]) {
    const where = header(plan.deployment, "key", plan.key, `${id || "receipt"}.1`);
    wraps[id] = base64(await sealed(encoder.encode(secret), where, key));
  }
  return JSON.stringify({ public: recipient, content: base64(content), wraps });
}
