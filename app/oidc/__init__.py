"""Tokens of OIDC issuers: who they name, verified with the keys the issuer publishes (JWKS)."""
