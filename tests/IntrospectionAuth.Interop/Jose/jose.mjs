// npm's jose, for the cross-check of the library's own JOSE. One task on the command line, its input on stdin, its output on stdout, all JSON.
//
//   generate   for each algorithm a fresh key in every form, and a message signed with it
//   verify     [{ alg, jwk, jws }] → the payloads, as text; an error ends the process
import { text } from 'node:stream/consumers';

import * as jose from 'jose';

const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'ES384'];
const SYMMETRIC = ['HS256', 'HS384', 'HS512'];

async function generate() {
  const results = [];
  for (const alg of [...ASYMMETRIC, ...SYMMETRIC]) {
    const isSymmetric = SYMMETRIC.includes(alg);
    const pair = isSymmetric
      ? await jose.generateSecret(alg, { extractable: true }).then((secret) => ({ privateKey: secret, publicKey: secret }))
      : await jose.generateKeyPair(alg, { extractable: true });
    const jws = await new jose.CompactSign(new TextEncoder().encode(`signed by npm: ${alg} ✓`))
      .setProtectedHeader({ alg, typ: 'test+jwt', kid: `key-${alg}` })
      .sign(pair.privateKey);
    results.push({
      alg,
      jws,
      privateJwk: { ...await jose.exportJWK(pair.privateKey), kid: `key-${alg}` },
      publicJwk: { ...await jose.exportJWK(pair.publicKey), kid: `key-${alg}` },
      pem: isSymmetric ? null : await jose.exportPKCS8(pair.privateKey),
      thumbprint: await jose.calculateJwkThumbprint(await jose.exportJWK(pair.publicKey)),
    });
  }
  return results;
}

async function verify(messages) {
  const payloads = [];
  for (const { alg, jwk, jws } of messages) {
    const { payload } = await jose.compactVerify(jws, await jose.importJWK(jwk, alg), { algorithms: [alg] });
    payloads.push(new TextDecoder().decode(payload));
  }
  return payloads;
}

const output = process.argv[2] === 'generate' ? await generate() : await verify(JSON.parse(await text(process.stdin)));
console.log(JSON.stringify(output));
