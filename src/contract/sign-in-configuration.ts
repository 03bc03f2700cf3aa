/**
 * Decides what may stand under `sign_in` in `evenstock.yaml`: the identity provider through which people sign in beside
 * passwords, and what its claims mean here. Never reaches the provider.
 */
import { z } from 'zod';

const text = z.string().min(1);
const role = z.enum(['viewer', 'analyst', 'approver', 'administrator']);

const oidc = z.strictObject({
  issuer: text.describe('address of the provider as its tokens name it, such as https://login.example.com'),
  client_id: text.describe('what the provider calls this program'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the configuration
  client_secret: text.describe('what the provider gave this program to prove itself: ${NAME} or { file: path }'),
  label: text.default('Single sign-on').describe('what people read on the button'),
  scopes: z
    .array(text)
    .default(['openid', 'profile', 'email'])
    .describe('what is asked of the provider; openid always is'),
  role: z
    .strictObject({
      claim: text.default('groups').describe('the claim that gives the role; dots lead into it: realm_access.roles'),
      values: z.record(text, role).describe('value of the claim: role here. Of several the highest counts'),
      otherwise: role.optional().describe('role of people with none of these values; without it they are refused'),
    })
    .describe('which role people have here; said anew at each sign-in'),
  sites: z
    .strictObject({
      claim: text.describe('the claim that gives the sites'),
      values: z
        .record(text, z.union([z.literal('all'), z.array(text).min(1)]))
        .optional()
        .describe(
          'value of the claim: sites, or all; other values are none. Without it each value is the name of a site',
        ),
    })
    .optional()
    .describe('which sites people see; without it all. Who has none is refused'),
  creates_people: z
    .boolean()
    .default(true)
    .describe('false: only people whom an administrator added, and who linked themselves'),
});

export const signInConfigurationSchema = z.strictObject({
  oidc: oidc.optional().describe('an OpenID Connect provider'),
});

export type OidcSettings = z.output<typeof oidc>;
