// A shared device without a keyboard: the device flow (RFC 8628) of openid-client. It writes the page to open, waits for the
// user, and writes who has logged in. Settings come from the environment: ISSUER, CLIENT_ID
import { webcrypto } from 'node:crypto';
import * as oidc from 'openid-client';

globalThis.crypto ??= webcrypto; // Node 18
const { ISSUER, CLIENT_ID } = process.env;

// http is allowed because the issuer is on this machine.
const provider = await oidc.discovery(new URL(ISSUER), CLIENT_ID, {}, oidc.None(), { execute: [oidc.allowInsecureRequests] });
const device = await oidc.initiateDeviceAuthorization(provider, { scope: 'openid profile' });
console.log(`Open ${device.verification_uri} and enter ${device.user_code}.`);

const tokens = await oidc.pollDeviceAuthorizationGrant(provider, device, undefined, { signal: AbortSignal.timeout(60_000) });
const user = await oidc.fetchUserInfo(provider, tokens.access_token, tokens.claims().sub);
console.log(`Hello ${user.preferred_username}!`);
