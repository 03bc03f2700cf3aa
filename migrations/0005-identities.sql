-- People of an identity provider, and sign-ins there that are under way.

-- apply

-- One row: who a person is at a provider. Never found by e-mail or name, which a provider may give to somebody else.
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL, -- people are never removed
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, person_id)
);

-- One row: a browser was sent to the provider and has not come back. Only the hash of what its cookie holds is kept; state,
-- nonce and code verifier are made of that cookie. Used once.
CREATE TABLE oidc_sign_ins (
  secret_hash TEXT NOT NULL PRIMARY KEY,
  issuer TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  return_to TEXT NOT NULL,
  person_id TEXT, -- a person who is signed in and links the identity to themselves
  session_hash TEXT, -- of the session that the browser had before
  expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_sign_ins_by_end ON oidc_sign_ins (expires_at);
