/** Which ways of signing in there are, and the journey to an identity provider and back. Never shows how the provider is reached. */
import { z } from 'zod';

export const signInWaysSchema = z
  .strictObject({
    is_set_up: z.boolean().describe('false: nobody can sign in yet; the server printed a one-use link'),
    password: z.boolean().describe('POST /session takes a login and a password'),
    oidc: z
      .strictObject({
        label: z.string().describe('what the button says'),
        url: z.string().describe('where the button leads: a page that a browser opens, no request of a script'),
      })
      .nullable()
      .describe('null: there is no identity provider'),
  })
  .meta({ id: 'SignInWays' });

const returnTo = z
  .string()
  .max(2_000)
  .default('/')
  .describe('path of the page that is shown afterwards, such as /runs?site=DC1');

export const oidcStartQuery = z.strictObject({ return_to: returnTo });
export const oidcLinkSchema = z.strictObject({ return_to: returnTo });
export const oidcLinkedSchema = z
  .strictObject({ url: z.string().describe('of the provider: where the browser goes next') })
  .meta({ id: 'OidcLink' });

/** What else comes back is the provider's own; it is handed on as it came. */
export const oidcCallbackQuery = z.looseObject({
  state: z.string().max(500).optional(),
  code: z.string().max(8_000).optional().describe('proves the sign-in to this server, once'),
  error: z.string().max(500).optional(),
});
