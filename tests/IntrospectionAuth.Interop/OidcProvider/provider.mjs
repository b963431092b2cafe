// oidc-provider as an OAuth 2.0 authorization server on a free port of 127.0.0.1, everything in memory.
// It prints "Listening on <issuer>" when it is ready.
//
// Beside oidc-provider's own endpoints:
//   GET  /control/introspections   how many introspection requests have arrived
//   POST /control/tokens           tokens that client_credentials does not give: ?kind=access|refresh|dpop|expired|authorization_code
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const API = 'https://api.example.com';

const resourceServer = (client_id, token_endpoint_auth_method, client_secret) => ({
  client_id, client_secret, token_endpoint_auth_method, grant_types: [], response_types: [], redirect_uris: [],
});

// What RFC 6749, section 2.3.1 wants form-encoded: a colon ends the id, "+" and "%" mean something else, "&" and "=" end a form value.
// RFC 6749, appendix A allows ids and secrets no characters outside of ASCII, and oidc-provider accepts none.
const ODD_ID = 'api:one+two 100%25&a=b/?';
const ODD_SECRET = 's:3+cr%65t &x="y"\\/~*!(\')';

// Clients that sign assertions; the tests hold their private keys: [{ client_id, token_endpoint_auth_method, jwks, … }].
const signingClients = JSON.parse(process.env.SIGNING_CLIENTS ?? '[]')
  .map((client) => ({ ...client, grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }));

const clients = [
  resourceServer('api-basic', 'client_secret_basic', 'basic-secret-0123456789'),
  resourceServer(ODD_ID, 'client_secret_basic', ODD_SECRET),
  resourceServer('api-post', 'client_secret_post', ODD_SECRET),
  resourceServer('api-none', 'none'),
  ...signingClients,
  {
    client_id: 'app',
    client_secret: 'app-secret-0123456789',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://app.example.com/callback'],
    scope: 'read write admin',
  },
];

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const provider = createProvider(`http://127.0.0.1:${server.address().port}`);
  const answer = provider.callback();
  let introspections = 0;

  server.on('request', (request, response) => {
    const url = new URL(request.url, provider.issuer);
    if (url.pathname === '/token/introspection') introspections += 1;

    if (url.pathname === '/control/introspections') {
      response.end(String(introspections));
    } else if (url.pathname === '/control/tokens' && request.method === 'POST') {
      issue(provider, url.searchParams.get('kind')).then(
        (token) => response.end(token),
        (error) => response.writeHead(500).end(error.stack),
      );
    } else {
      answer(request, response);
    }
  });

  console.log(`Listening on ${provider.issuer}`);
});

function createProvider(issuer) {
  return new Provider(issuer, {
    clients,
    scopes: ['openid', 'offline_access', 'read', 'write', 'admin'],
    cookies: { keys: ['interop'] },
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'ES384'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      // A resource server asks about tokens that other clients hold.
      introspection: { enabled: true, allowedPolicy: (_, client) => client.clientId.startsWith('api') },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ audience: API, scope: 'read write admin', accessTokenFormat: 'opaque' }),
      },
    },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
}

async function issue(provider, kind) {
  const client = await provider.Client.find('app');
  const grant = new provider.Grant({ accountId: 'user-1', clientId: client.clientId });
  grant.addOIDCScope('openid read');
  const grantId = await grant.save();
  const token = { accountId: 'user-1', client, grantId, scope: 'openid read', gty: 'authorization_code' };

  switch (kind) {
    case 'access': return new provider.AccessToken({ ...token, aud: API }).save();
    case 'refresh': return new provider.RefreshToken(token).save();
    case 'dpop': return new provider.AccessToken({ ...token, jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }).save();
    case 'expired': return new provider.AccessToken({ ...token, expiresIn: -1 }).save();
    case 'authorization_code': return new provider.AuthorizationCode({ ...token, redirectUri: client.redirectUris[0] }).save();
    default: throw new Error(`unknown kind ${kind}`);
  }
}
