// The clients that oidc-provider knows. Those whose id begins with "api" are resource servers, and may introspect; the others obtain tokens.

const resourceServer = (client) => ({ ...client, grant_types: [], response_types: [], redirect_uris: [] });

// What RFC 6749, section 2.3.1 wants form-encoded: a colon ends the id, "+" and "%" mean something else, "&" and "=" end a form value.
// RFC 6749, appendix A allows ids and secrets no characters outside of ASCII, and oidc-provider accepts none.
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

  // Clients whose keys and certificates the tests have made.
  ...JSON.parse(process.env.CLIENTS ?? '[]').map(resourceServer),

  app({
    client_id: 'app',
    grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://app.example.com/callback'],
  }),
  app({ client_id: 'app-dpop', dpop_bound_access_tokens: true }),
  app({ client_id: 'app-mtls', tls_client_certificate_bound_access_tokens: true }),
];
