// A confidential client: Express and openid-client. Settings come from the environment:
//   PORT, ISSUER, CLIENT_ID, and CLIENT_SECRET or PRIVATE_KEY (a JWK). With a key, requests are pushed (RFC 9126) too.
import { randomBytes, webcrypto } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as oidc from 'openid-client';

globalThis.crypto ??= webcrypto; // Node 18
const { PORT, ISSUER, CLIENT_ID, CLIENT_SECRET, PRIVATE_KEY } = process.env;
const origin = `http://127.0.0.1:${PORT}`;
const redirectUri = `${origin}/callback`;

const key = PRIVATE_KEY && await crypto.subtle.importKey(
  'jwk', JSON.parse(PRIVATE_KEY), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
const authentication = key ? oidc.PrivateKeyJwt(key) : oidc.ClientSecretBasic(CLIENT_SECRET);

// http is allowed because the issuer is on this machine.
const provider = await oidc.discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, { execute: [oidc.allowInsecureRequests] });
const authorizationUrl = key ? oidc.buildAuthorizationUrlWithPAR : oidc.buildAuthorizationUrl;

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, facts) => `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>
${Object.entries(facts).map(([id, value]) => `<p id="${id}">${escape(typeof value === 'string' ? value : JSON.stringify(value))}</p>`).join('\n')}
<a href="/log-in">Log in</a> <a href="/refresh">Refresh</a> <a href="/log-out">Log out</a></html>`;

const app = express();
app.use(session({ secret: randomBytes(32).toString('hex'), name: 'express-app', resave: false, saveUninitialized: false }));

app.get('/', (request, response) => response.send(page('The Express app', {})));

app.get('/log-in', async (request, response) => {
  const attempt = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
  };
  request.session.attempt = attempt;
  const url = await authorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    prompt: 'consent', // OIDC Core §11: needed for offline_access
    code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    state: attempt.state,
    nonce: attempt.nonce,
  });
  response.redirect(url.href);
});

app.get('/callback', async (request, response) => {
  const { verifier, state, nonce } = request.session.attempt;
  const tokens = await oidc.authorizationCodeGrant(provider, new URL(request.originalUrl, origin), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  request.session.tokens = {
    access: tokens.access_token, refresh: tokens.refresh_token, id: tokens.id_token, sub: claims.sub,
  };
  response.redirect('/me');
});

app.get('/me', async (request, response) => {
  const { access, sub } = request.session.tokens;
  const user = await oidc.fetchUserInfo(provider, access, sub);
  response.send(page('Logged in to the Express app', { username: user.preferred_username, userinfo: user, access }));
});

app.get('/refresh', async (request, response) => {
  const before = request.session.tokens;
  const tokens = await oidc.refreshTokenGrant(provider, before.refresh);
  request.session.tokens = {
    ...before, access: tokens.access_token, refresh: tokens.refresh_token ?? before.refresh, id: tokens.id_token ?? before.id,
  };
  response.redirect('/me');
});

app.get('/log-out', (request, response) => {
  const { id } = request.session.tokens;
  request.session.destroy(() => response.redirect(oidc.buildEndSessionUrl(provider, {
    id_token_hint: id,
    post_logout_redirect_uri: `${origin}/goodbye`,
    state: 'see you',
  }).href));
});

app.get('/goodbye', (request, response) => response.send(page('Logged out of the Express app', { state: request.query.state ?? '' })));

// What went wrong is the test's to read.
app.use((error, request, response, next) => response.status(500).send(page('The Express app failed', {
  error: `${error.code ?? ''} ${error.message} ${JSON.stringify(error.cause ?? null)}`,
})));

app.listen(Number(PORT), '127.0.0.1');
