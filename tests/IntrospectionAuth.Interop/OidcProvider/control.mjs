// Endpoints for the tests, in addition to oidc-provider's own:
//
//   GET  /control/introspections   the number of introspection requests received
//   GET  /control/interactions/:uid  where a user logs in and consents: the user is the login_hint of the authorization request, or
//                                  comes from a form
//   POST /control/backchannel      sets the URL to which logout tokens of api-web are sent: ?url=…&sid=true|false
//   POST /control/tokens           tokens that need a user and a browser: ?kind=access|refresh|expired|authorization_code&account=user-1

const API = 'https://api.example.com';

const LOGIN_PAGE = '<form method="post"><label>User <input name="user"></label><button>Log in</button></form>';

async function readUser(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body).get('user');
}

// How users have authenticated. oidc-provider's introspection endpoint does not report it by default (RFC 9470, section 6.2).
export function userClaims(accountId) {
  const now = Math.floor(Date.now() / 1000);
  switch (accountId) {
    case 'user-of-now': return { acr: 'urn:example:mfa', auth_time: now };
    case 'user-of-yesterday': return { acr: 'urn:example:password', auth_time: now - 86_400 };
    default: return undefined;
  }
}

export class Control {
  #provider;
  #introspections = 0;

  constructor(provider) {
    this.#provider = provider;
  }

  // Returns whether the request was handled here. oidc-provider handles the others.
  tryHandle(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.#provider.issuer);
    if (pathname === '/token/introspection') this.#introspections += 1;

    if (pathname === '/control/introspections') {
      response.end(String(this.#introspections));
      return true;
    }

    if (pathname === '/control/tokens' && request.method === 'POST') {
      this.#issue(searchParams.get('kind'), searchParams.get('account') ?? 'user-1').then(
        (token) => response.end(token),
        (error) => response.writeHead(500).end(error.stack),
      );
      return true;
    }

    if (pathname.startsWith('/control/interactions/')) {
      this.#finishInteraction(request, response).catch((error) => response.writeHead(500).end(error.stack));
      return true;
    }

    if (pathname === '/control/backchannel' && request.method === 'POST') {
      this.#provider.Client.find('api-web').then((client) => {
        client.backchannelLogoutUri = searchParams.get('url');
        client.backchannelLogoutSessionRequired = searchParams.get('sid') === 'true';
        response.end();
      });
      return true;
    }

    return false;
  }

  async #finishInteraction(request, response) {
    const { prompt, params, session, grantId } = await this.#provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      const accountId = params.login_hint ?? (request.method === 'POST' ? await readUser(request) : undefined);
      if (accountId) await this.#provider.interactionFinished(request, response, { login: { accountId } });
      else response.setHeader('Content-Type', 'text/html').end(LOGIN_PAGE);
      return;
    }

    const { Grant } = this.#provider;
    const grant = grantId ? await Grant.find(grantId) : new Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    if (params.resource) grant.addResourceScope(params.resource, params.scope);
    await this.#provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }

  async #issue(kind, accountId) {
    const { AccessToken, AuthorizationCode, Client, Grant, RefreshToken } = this.#provider;
    const client = await Client.find('app');
    const grant = new Grant({ accountId, clientId: client.clientId });
    grant.addOIDCScope('openid read');
    const grantId = await grant.save();
    const token = { accountId, client, grantId, scope: 'openid read', gty: 'authorization_code' };

    switch (kind) {
      case 'access': return new AccessToken({ ...token, aud: API }).save();
      case 'refresh': return new RefreshToken(token).save();
      case 'expired': return new AccessToken({ ...token, aud: API, expiresIn: -1 }).save();
      case 'authorization_code': return new AuthorizationCode({ ...token, redirectUri: client.redirectUris[0] }).save();
      default: throw new Error(`unknown kind ${kind}`);
    }
  }
}
