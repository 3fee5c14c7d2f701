"""The case in GraphQL: its types, inputs, queries, mutations and subscription."""
