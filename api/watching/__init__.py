"""Webhooks: messages signed, sent to addresses that may be reached, and tried again until they are taken."""
