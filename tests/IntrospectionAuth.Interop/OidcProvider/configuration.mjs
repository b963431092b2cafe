// The configuration of oidc-provider.
import { generateKeyPairSync } from 'node:crypto';

import { clients } from './clients.mjs';
import { userClaims } from './control.mjs';

const NOTES = ['notes:read', 'notes:write', 'notes:delete']; // the scopes of samples/Mcp
const JWT_API = 'https://jwt.example.com'; // tokens for it are JWTs, those for any other resource are opaque

export function createConfiguration({ mtlsUrl }) {
  return {
    clients,
    scopes: ['openid', 'offline_access', 'read', 'write', 'admin', ...NOTES],
    cookies: { keys: ['interop'] },
    jwks: {
      keys: [
        createKey('rsa', { modulusLength: 2048 }),
        createKey('ec', { namedCurve: 'P-256' }),
        createKey('ec', { namedCurve: 'P-384' }),
        createKey('ec', { namedCurve: 'P-521' }),
      ],
    },
    enabledJWA: {
      clientAuthSigningAlgValues: [
        'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512',
      ],
      introspectionSigningAlgValues: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
      introspectionEncryptionAlgValues: ['RSA-OAEP', 'RSA-OAEP-256'],
      introspectionEncryptionEncValues: ['A128CBC-HS256', 'A256CBC-HS512', 'A256GCM'],
      dPoPSigningAlgValues: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
    },
    clientAuthMethods: [
      'client_secret_basic', 'client_secret_post', 'none', 'private_key_jwt', 'client_secret_jwt',
      'tls_client_auth', 'self_signed_tls_client_auth',
    ],
    // The pages of samples/OpenApi exchange the code in the browser.
    clientBasedCORS: (_, origin, client) => client.clientId === 'docs' && new URL(origin).hostname === '127.0.0.1',
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true }, // MCP clients register themselves (RFC 7591)
      revocation: { enabled: true },
      // Resource servers may introspect the tokens of other clients.
      introspection: { enabled: true, allowedPolicy: (_, client) => client.clientId.startsWith('api') },
      // Clients that do not request a signed response receive plain JSON (RFC 9701).
      jwtIntrospection: { enabled: true },
      encryption: { enabled: true },
      backchannelLogout: { enabled: true },
      dPoP: { enabled: true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: ({ socket }) => socket.getPeerX509Certificate?.(), // none on a plain connection
        certificateAuthorized: ({ socket }) => socket.authorized,
        certificateSubjectMatches: ({ socket }, property, expected) =>
          property === 'tls_client_auth_san_dns' && socket.getPeerX509Certificate().checkHost(expected, { subject: 'never' }) === expected,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          audience: resource,
          scope: ['read', 'write', 'admin', ...NOTES].join(' '),
          accessTokenFormat: resource === JWT_API ? 'jwt' : 'opaque',
        }),
      },
    },
    discovery: {
      mtls_endpoint_aliases: { token_endpoint: `${mtlsUrl}/token`, introspection_endpoint: `${mtlsUrl}/token/introspection` },
    },
    // Its own dispatcher connects to no loopback address, where the tests receive logout tokens.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    interactions: { url: (_, { uid }) => `/control/interactions/${uid}` },
    extraTokenClaims: (_, { accountId }) => userClaims(accountId),
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  };
}

function createKey(type, options) {
  return generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
}
