// A worker: finds a number whose SHA-256 together with the riddle begins with enough zero bits.
"use strict";

function zeros(bytes) {
  let count = 0;
  for (const byte of bytes) {
    if (byte === 0) { count += 8; continue; }
    return count + Math.clz32(byte) - 24;
  }
  return count;
}

self.onmessage = async (event) => {
  const { riddle, bits } = event.data;
  const encoder = new TextEncoder();
  for (let number = 0; ; number += 256) {
    const tries = Array.from({ length: 256 }, (_one, n) => number + n);
    const digests = await Promise.all(tries.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(`${riddle}:${n}`))));
    const found = digests.findIndex((digest) => zeros(new Uint8Array(digest)) >= bits);
    if (found >= 0) { self.postMessage(String(tries[found])); return; }
  }
};
