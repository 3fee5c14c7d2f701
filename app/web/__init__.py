"""HTTP and WebSocket: how requests reach the schema, and everything else under the address."""
