// oidc-provider as an in-memory OAuth 2.0 authorization server on two free ports of 127.0.0.1: plain HTTP, and TLS with client
// certificates for the metadata's mtls_endpoint_aliases (RFC 8705, section 5).
// It prints "Listening on <issuer>" when it is ready.
//
//   CLIENTS      further clients, as JSON: [{ client_id, token_endpoint_auth_method, jwks, … }] (RFC 7591)
//   TLS_FOLDER   the folder of server.pem, server.key, and ca.pem, the issuer of client certificates
//
// control.mjs adds endpoints for the tests.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

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
  rejectUnauthorized: false, // oidc-provider validates self-signed certificates itself
});

const issuer = `http://${await listen(server)}`;
const provider = new Provider(issuer, createConfiguration({ mtlsUrl: `https://${await listen(tlsServer)}` }));

// An MCP client registers with the scope of its first challenge, and later requests others. A registered scope would be a limit.
provider.use(async (context, next) => {
  if (context.path === '/reg' && context.method === 'POST') {
    const { scope, ...metadata } = await json(context.req);
    context.req.body = metadata;
  }
  await next();
});
const control = new Control(provider);
const handle = provider.callback();

for (const each of [server, tlsServer]) {
  each.on('request', (request, response) => {
    if (!control.tryHandle(request, response)) handle(request, response);
  });
}

console.log(`Listening on ${issuer}`);
