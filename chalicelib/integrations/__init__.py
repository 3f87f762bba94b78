"""API description, idempotency keys and outgoing webhooks."""
