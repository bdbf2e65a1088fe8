// A public client that lives in the browser alone: oidc-client-ts, code flow with PKCE.
const show = (id, text) => { document.getElementById(id).textContent = text; };
const on = (id, act) => document.getElementById(id).addEventListener('click', () => act().catch((e) => show('status', `Failed: ${e.message}`)));

async function start() {
  const { issuer, clientId } = await (await fetch('/settings.json')).json();
  const settings = {
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    silent_redirect_uri: `${location.origin}/silent`,
    post_logout_redirect_uri: `${location.origin}/goodbye`,
    scope: 'openid profile email',
    automaticSilentRenew: false,
    loadUserInfo: true, // the name is in userinfo, not in the ID token (OIDC Core §5.4)
    userStore: new oidc.WebStorageStateStore({ store: sessionStorage }),
  };
  const manager = new oidc.UserManager(settings);
  // One that remembers nobody has no refresh token, so it asks with prompt=none in a hidden frame.
  const stranger = new oidc.UserManager({ ...settings, userStore: new oidc.WebStorageStateStore({ store: new oidc.InMemoryWebStorage() }) });

  const arrived = (user, how) => {
    show('username', user.profile.preferred_username ?? '');
    show('access', user.access_token);
    show('status', how);
  };

  on('log-in', () => manager.signinRedirect());
  on('renew', async () => arrived(await manager.signinSilent(), 'Renewed'));
  on('silent', async () => arrived(await stranger.signinSilent(), 'Asked silently'));
  on('userinfo', async () => {
    const { userinfo_endpoint: endpoint } = await manager.metadataService.getMetadata();
    const user = await manager.getUser();
    const answer = await fetch(endpoint, { headers: { authorization: `Bearer ${user.access_token}` } });
    show('username', (await answer.json()).preferred_username);
    show('status', `Details: ${answer.status}`);
  });
  on('log-out', () => manager.signoutRedirect());

  if (location.pathname === '/callback') {
    const user = await manager.signinRedirectCallback();
    history.replaceState(null, '', '/');
    arrived(user, 'Logged in');
  } else if (location.pathname === '/goodbye') {
    await manager.signoutRedirectCallback();
    show('status', 'Logged out');
  } else {
    show('status', 'Ready');
  }
}

start().catch((e) => show('status', `Failed: ${e.message}`));
