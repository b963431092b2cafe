// The clients of oidc-provider. Clients whose id begins with "api" are resource servers, which introspect. The others obtain tokens.

const resourceServer = (client) => ({ ...client, grant_types: [], response_types: [], redirect_uris: [] });

// Characters that need form encoding (RFC 6749, section 2.3.1): a colon ends the id, "+" and "%" are escapes, "&" and "=" are separators.
// RFC 6749, appendix A and oidc-provider allow only ASCII in ids and secrets.
const ODD_ID = 'api:one+two 100%25&a=b/?';
const ODD_SECRET = 's:3+cr%65t &x="y"\\/~*!(\')';

const app = (client) => ({
  client_secret: 'app-secret-0123456789',
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: 'read write admin',
  ...client,
});

export const clients = [
  resourceServer({ client_id: 'api-basic', token_endpoint_auth_method: 'client_secret_basic', client_secret: 'basic-secret-0123456789' }),
  resourceServer({ client_id: ODD_ID, token_endpoint_auth_method: 'client_secret_basic', client_secret: ODD_SECRET }),
  resourceServer({ client_id: 'api-post', token_endpoint_auth_method: 'client_secret_post', client_secret: ODD_SECRET }),
  resourceServer({ client_id: 'api-none', token_endpoint_auth_method: 'none' }),

  // An application through which users log in, and whose tokens its own API introspects. A test sets its backchannel_logout_uri.
  {
    client_id: 'api-web',
    client_secret: 'web-secret-0123456789',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://app.example.com/callback'],
    scope: 'openid read',
  },

  // The pages of samples/OpenApi: a public client. The port of a native client's loopback address does not matter (RFC 8252, section 7.3).
  {
    client_id: 'docs',
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/swagger/oauth2-redirect.html', 'http://127.0.0.1/scalar/'],
    scope: 'openid read write admin',
  },

  // Clients with keys and certificates from the tests. They may also obtain their own tokens.
  ...JSON.parse(process.env.CLIENTS ?? '[]').map((client) => ({ ...resourceServer(client), grant_types: ['client_credentials'] })),

  app({
    client_id: 'app',
    grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://app.example.com/callback'],
  }),
  app({ client_id: 'app-dpop', dpop_bound_access_tokens: true }),
  app({ client_id: 'app-mtls', tls_client_certificate_bound_access_tokens: true }),
];
