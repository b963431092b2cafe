// A client of oidc-provider and of samples/Api that uses npm's jose for its DPoP proofs (RFC 9449), with every algorithm.
//
//   node dpop.mjs <token endpoint> <form> <URL of the API>   prints [{ alg, token, proof }] with proofs for GET of that URL
import { createHash, randomUUID } from 'node:crypto';

import * as jose from 'jose';

const [endpoint, form, url] = process.argv.slice(2);

async function prove({ publicKey, privateKey }, alg, claims) {
  return new jose.SignJWT({ jti: randomUUID(), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk: await jose.exportJWK(publicKey) })
    .setIssuedAt()
    .sign(privateKey);
}

const results = [];
for (const alg of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']) {
  const pair = await jose.generateKeyPair(alg);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', DPoP: await prove(pair, alg, { htm: 'POST', htu: endpoint }) },
    body: form,
  });
  const { access_token: token, token_type: type } = await response.json();
  if (type !== 'DPoP') throw new Error(`${alg}: ${response.status}, token_type ${type}`);

  const ath = createHash('sha256').update(token).digest('base64url');
  results.push({ alg, token, proof: await prove(pair, alg, { htm: 'GET', htu: url, ath }) });
}

console.log(JSON.stringify(results));
