// oidc-provider as an OAuth 2.0 authorization server on two free ports of 127.0.0.1, everything in memory: plain HTTP for most, and TLS that
// asks for client certificates, to which the metadata's mtls_endpoint_aliases point (RFC 8705, section 5).
// It prints "Listening on <issuer>" when it is ready.
//
//   CLIENTS      further clients, as JSON: [{ client_id, token_endpoint_auth_method, jwks, … }] (RFC 7591)
//   TLS_FOLDER   where server.pem and server.key lie, and ca.pem, which vouches for client certificates
//
// Beside oidc-provider's own endpoints there are those of control.mjs.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';

import Provider from 'oidc-provider';

import { createConfiguration } from './configuration.mjs';
import { Control } from './control.mjs';

const read = (file) => readFileSync(join(process.env.TLS_FOLDER, file));
const listen = (server) => new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${server.address().port}`));
});

const server = createServer();
const tlsServer = createTlsServer({
  cert: read('server.pem'),
  key: read('server.key'),
  ca: read('ca.pem'),
  requestCert: true,
  rejectUnauthorized: false, // a certificate that signs itself is for the provider to judge
});

const issuer = `http://${await listen(server)}`;
const provider = new Provider(issuer, createConfiguration({ mtlsUrl: `https://${await listen(tlsServer)}` }));
const control = new Control(provider);
const answer = provider.callback();

for (const each of [server, tlsServer]) {
  each.on('request', (request, response) => {
    if (!control.answers(request, response)) answer(request, response);
  });
}

console.log(`Listening on ${issuer}`);
