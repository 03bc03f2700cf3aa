/** What the pages before the sign-in say. Never whether a login exists. */
export const signIn = {
  title: 'Sign in',
  login: 'Login',
  password: 'Password',
  submit: 'Sign in',
  failed: 'The login or the password is wrong.',
  tooOften: 'Too many attempts have failed. Wait a little, then try again.',
  setUpTitle: 'Set up Evenstock',
  setUpLead: 'You are the first here: choose how you sign in from now on. You will be the administrator.',
  name: 'Your name',
  newPassword: 'Password, at least 12 characters',
  setUp: 'Set up and sign in',
  linkGone: 'This link was used before or is too old.',
  linkGoneHint: 'Start the server again: it writes a new link where nobody can sign in yet.',
  notSetUp: 'Nobody can sign in yet: open the link that the server wrote when it started.',
  opening: 'Signing you in',
} as const;
