// npm's jose, to cross-check the library's JOSE. The task is on the command line, its input on stdin, its output on stdout, all JSON.
//
//   generate   for each algorithm a fresh key in every form, and a message signed with it
//   verify     [{ alg, jwk, jws }] → the payloads, as text; an error ends the process
//   encrypt    an RSA key in PEM, and for each alg and enc a signed response (RFC 9701) encrypted for it, with the signing key
//   decrypt    [{ pem, alg, enc, jwe }] → the plaintexts; an error ends the process
import { text } from 'node:stream/consumers';

import * as jose from 'jose';

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const SYMMETRIC = ['HS256', 'HS384', 'HS512'];
const KEY_ENCRYPTION = ['RSA-OAEP', 'RSA-OAEP-256'];
const CONTENT_ENCRYPTION = ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'A256GCM'];

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

async function encrypt() {
  const results = [];
  const signer = await jose.generateKeyPair('ES256', { extractable: true });
  const { publicKey, privateKey } = await jose.generateKeyPair('RSA-OAEP-256', { extractable: true });
  const jws = await new jose.SignJWT({ token_introspection: { active: true } })
    .setProtectedHeader({ alg: 'ES256', typ: 'token-introspection+jwt' })
    .sign(signer.privateKey);
  const supported = KEY_ENCRYPTION.flatMap((alg) => CONTENT_ENCRYPTION.map((enc) => [alg, enc]));
  for (const [alg, enc] of [...supported, ['RSA-OAEP-384', 'A256GCM'], ['RSA-OAEP-512', 'A256GCM']]) {
    const key = await jose.importSPKI(await jose.exportSPKI(publicKey), alg);
    const header = { alg, enc, cty: 'JWT', kid: 'key-1' };
    const jwe = await new jose.CompactEncrypt(new TextEncoder().encode(jws)).setProtectedHeader(header).encrypt(key);
    results.push({ alg, enc, jwe, jws, publicJwk: await jose.exportJWK(signer.publicKey), pem: await jose.exportPKCS8(privateKey) });
  }
  return results;
}

async function decrypt(messages) {
  const plaintexts = [];
  for (const { pem, alg, enc, jwe } of messages) {
    const key = await jose.importPKCS8(pem, alg);
    const { plaintext } = await jose.compactDecrypt(jwe, key, { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] });
    plaintexts.push(new TextDecoder().decode(plaintext));
  }
  return plaintexts;
}

const tasks = { generate, verify, encrypt, decrypt };
const input = await text(process.stdin);
const output = await tasks[process.argv[2]](input === '' ? undefined : JSON.parse(input));
console.log(JSON.stringify(output));
