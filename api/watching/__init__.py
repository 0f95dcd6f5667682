"""Saved searches, and webhooks: messages signed and tried again until they are taken."""
